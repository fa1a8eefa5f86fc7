// SPDX-License-Identifier: Apache-2.0
import { readFile } from "node:fs/promises";
import { createRepository, createTemporaryFolder } from "@countersign/testkit";
import { describe, expect, it } from "vitest";
import { countersign } from "./command.fixture.ts";

const README = await readFile(new URL("../../../README.md", import.meta.url), "utf8");

/** Fenced blocks that follow a marker comment. */
function blocksAfter(marker: string): readonly string[] {
  const pattern = new RegExp(`<!-- ${marker} -->\\n\`\`\`\\w+\\n([^]*?)\`\`\``, "g");
  return [...README.matchAll(pattern)].map((match) => match[1] ?? "");
}

/** Ids, fingerprints and times differ from run to run; everything else must be what the README shows. */
function normalise(text: string): string {
  return text
    .replace(/\b[0-9a-f]{7,64}\b/g, "<id>")
    .replace(/SHA256:[\w+/]+/g, "SHA256:<key>")
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, "<time>");
}

describe("the README", () => {
  it("opens with three sentences and exactly two commands for a fresh machine", () => {
    const commands = [...README.matchAll(/^npm ci && .*$/gm)].map((match) => match[0]);
    expect(commands).toEqual(["npm ci && npm start", "npm ci && npm test"]);
    const opening = README.split("\n\n")[1]?.split("\n") ?? [];
    expect(opening).toHaveLength(3);
    // What it does before a change lands, at the door, and afterwards.
    for (const [i, word] of [
      "records what an AI wrote",
      "the same verdict",
      "reports what shipped",
    ].entries())
      expect(opening[i]).toMatch(new RegExp(`^[A-Z].*${word}.*\\.$`));
  });

  it("shows what the tour really prints", async () => {
    await using folder = await createTemporaryFolder();
    const tour = await countersign(["tour"], { cwd: folder.path });
    expect(tour.exitCode, tour.stderr).toBe(0);
    const blocks = blocksAfter("tour");
    expect(blocks.length).toBeGreaterThanOrEqual(4);
    for (const block of blocks) expect(normalise(tour.stdout)).toContain(normalise(block).trimEnd());
  });

  it("gives commands that work on somebody's repository", async () => {
    await using repo = await createRepository();
    for (let i = 0; i < 21; i++)
      await repo.commit({ message: `area: change ${i}\n`, files: { "a.txt": `${i}\n` } });
    await repo.branch("feature");
    await repo.commit({
      message: "feature\n\nCo-authored-by: Claude <noreply@anthropic.com>\n",
      files: { "b.txt": "b\n" },
    });
    const lines = blocksAfter("commands").flatMap((block) => block.trim().split("\n"));
    expect(lines.length).toBeGreaterThanOrEqual(6);
    for (const line of lines) {
      const [command = ""] = line.split(/\s+#/);
      const args = command
        .replace(/^npm start -- /, "")
        .replace("../your-repository", repo.path)
        .split(" ");
      const run = await countersign(args, { cwd: repo.path });
      // The policy is not on main yet, so the gate says no: that is its answer, not a failure of the command.
      expect(run.exitCode, `${command}\n${run.stderr}`).toBe(args[0] === "gate" ? 1 : 0);
    }
  });

  it("links to files that exist", async () => {
    const links = [...README.matchAll(/\]\(([^)]+)\)/g)].map((match) => match[1] ?? "");
    for (const link of links) {
      const { stat } = await import("node:fs/promises");
      await expect(stat(new URL(`../../../${link}`, import.meta.url)), link).resolves.toBeDefined();
    }
  });
});
