// SPDX-License-Identifier: Apache-2.0
import { buildLargeHistory, createRepository } from "@countersign/testkit";
import { expect, it } from "vitest";
import { countersign } from "../command.fixture.ts";

const CLAIMS = [
  "AI-Assisted: claude-code/claude-opus-4-8",
  "ai-assisted : codex/gpt-5.4",
  "AI-ASSISTED\t:\n cursor/unknown",
  "AI-Assisted:amp/x; extent=edited",
  "Co-Authored-By:Claude <noreply@anthropic.com>",
];
const OTHERS = [
  "Signed-off-by: A. Author <author@example.org>",
  "(cherry picked from commit 1234567890123456789012345678901234567890)",
  "Fixes: #12",
  "some words",
  "* subject",
  "> quoted",
  "    code",
  "```",
  "~~~",
  "---",
  "diff --git a/x b/x",
  "# comment",
  "",
  "commit 1234567890123456789012345678901234567890",
  "This reverts commit 1234567890123456789012345678901234567890.",
  "Original change's description:",
  "Squashed commit of the following:",
];
const TITLES = ["fix it", 'Revert "x"', "Merge branch 'x'", "fix: y"];

/** The same messages in every run: the n-th is drawn from a generator seeded with n. */
function toMessage(n: number): string {
  let state = Math.imul(n + 1, 0x9e3779b1) >>> 0;
  const draw = (most: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) % most;
  };
  const pick = (from: readonly string[]): string => from[draw(from.length)] ?? "";
  const lines = [pick(TITLES), ""];
  for (let left = 2 + draw(9); left > 0; left--) lines.push(draw(3) === 0 ? pick(CLAIMS) : pick(OTHERS));
  const end = draw(6) === 0 ? "\r\n" : "\n";
  return `${lines.join(end)}${end}`;
}

it("no message hides from a reader what Git's own tools report as a trailer (T05, T06)", async () => {
  await using repo = await createRepository();
  await buildLargeHistory(repo, { commits: 3000, filesPerCommit: 1, message: toMessage });
  const log = await repo.git(["log", "--format=%H%x01%(trailers:unfold)%x02"]);
  const seen = log.split("\x02").flatMap((entry) => {
    const [id = "", trailers = ""] = entry.split("\x01");
    return /^(?:ai-assisted|co-authored-by)\s*:/im.test(trailers) ? [id.trim()] : [];
  });
  expect(seen.length).toBeGreaterThan(500);
  const { stdout } = await countersign(["scan", "--json"], { cwd: repo.path });
  const records = stdout
    .trim()
    .split("\n")
    .map((line): { commit: string; state: string } => JSON.parse(line));
  const told = new Set(
    records.filter(({ state }) => state === "declared" || state === "signalled").map((it) => it.commit),
  );
  expect(seen.filter((id) => !told.has(id))).toEqual([]);
});
