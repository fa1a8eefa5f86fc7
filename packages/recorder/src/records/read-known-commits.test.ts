// SPDX-License-Identifier: Apache-2.0
import { fingerprintLine } from "@countersign/core/attribution";
import { openRepository } from "@countersign/git";
import { expect, it } from "vitest";
import { createHistory } from "../derive/recorded-history.fixture.ts";
import { readKnownCommits } from "./read-known-commits.ts";
import { readIdentities } from "./read-records.ts";

const REST = "? two(second, 2);\n? three(third, 3);\n";
const CHANGED = "one(first, thing, 7);\n";

it.each([
  ["an AI's by a record that was not there then is the AI's", "A", "recorded", "ai", "edited"],
  ["nobody's by any other record stays the person's", "?", undefined, "human", null],
])("a line that a person changed, and that was %s", async (_, letter, state, origin, extent) => {
  await using history = await createHistory();
  const { repo } = history;
  await history.commit({ "a.js": `${letter} one(first, thing, 1);\n${REST}`, "b.js": "B other(1, 2);\n" });
  const id = await history.commit({ "a.js": `? ${CHANGED}${REST}` }, { isRecorded: false });
  const range = {
    first: 1,
    last: 1,
    origin: "human",
    agent: null,
    extent: null,
    evidence: "inferred",
  } as const;
  const blob = await repo.git(["rev-parse", `${id}:a.js`]);
  await history.record(
    id,
    { "a.js": `h ${CHANGED}${REST}` },
    { files: [{ path: "a.js", blob, ranges: [{ ...range, fingerprints: [fingerprintLine(CHANGED)] }] }] },
  );
  const repository = await openRepository(repo.path);
  const known = await readKnownCommits(repository, await readIdentities(repository, [id]));
  expect(known.get(id)).toMatchObject({ state, record: { grade: "observed" } });
  expect(known.get(id)?.record?.files[0]?.ranges).toMatchObject([{ first: 1, last: 1, origin, extent }]);
  await history.expectFile("a.js", `${origin === "ai" ? "a" : "h"} ${CHANGED}${REST}`);
});

const note = (commit: string, entries: string) =>
  `a.js\n${entries}---\n${JSON.stringify({
    schema_version: "authorship/3.0.0",
    git_ai_version: null,
    base_commit_sha: commit,
    prompts: {},
    humans: { h_00000000000001: { author: "Eve <eve@example.com>" } },
    sessions: entries.includes("s_")
      ? { s_00000000000001: { agent_id: { tool: "gamma", id: "x", model: "unknown" }, human_author: null } }
      : {},
  })}`;
const PERSON = "  h_00000000000001 1-3\n";
const GAMMA = JSON.stringify({
  kind: "ai",
  agent: { tool: "gamma", session: "x", model: null },
  extent: "generated",
  evidence: "derived",
});

it.each([
  ["says that a person wrote all of it", PERSON, ["alpha"], ["A", "A", "A"]],
  ["names another agent for one line", "  s_00000000000001::t_1 3\n", ["gamma", "alpha"], ["A", "A", GAMMA]],
  [
    "names another agent for one line and a person for the others",
    `${PERSON}  s_00000000000001::t_1 3\n`,
    ["gamma", "alpha"],
    ["A", "A", GAMMA],
  ],
])(
  "a squash whose lines records know for an AI's keeps it, though a note on it %s",
  async (_, entries, tools, origins) => {
    await using history = await createHistory();
    const lines = ["one(first, thing, 1);", "two(second, thing, 2);", "three(third, thing, 3);"];
    const block = (letters: readonly string[]) => lines.map((line, i) => `${letters[i]} ${line}\n`).join("");
    const base = await history.commit({ "b.js": "? base(0);\n" }, { isRecorded: false });
    await history.commit({ "a.js": block(["A", "A", "A"]) }, { branch: "topic", parents: [base] });
    const id = await history.commit({ "a.js": block(["?", "?", "?"]) }, { isRecorded: false });
    const input = note(id, entries);
    await history.repo.git(["notes", "--ref=ai", "add", "-F", "-", id], { input });
    const repository = await openRepository(history.repo.path);
    const known = (await readKnownCommits(repository, await readIdentities(repository, [id]))).get(id);
    expect(known).toMatchObject({ state: "recorded", isOwn: false });
    expect(known?.assistance.map(({ tool }) => tool)).toEqual(tools);
    const ranges = known?.record?.files[0]?.ranges ?? [];
    expect(
      ranges.filter(({ origin }) => origin === "ai").flatMap(({ fingerprints }) => fingerprints),
    ).toEqual(lines.map((line) => fingerprintLine(`${line}\n`)));
    await history.expectFile("a.js", block(origins));
  },
);

it("a note's line of a person stands, as a guess, where no record knows better", async () => {
  await using history = await createHistory();
  const id = await history.commit({ "a.js": "? one(1);\n? two(2);\n? three(3);\n" }, { isRecorded: false });
  await history.repo.git(["notes", "--ref=ai", "add", "-F", "-", id], { input: note(id, PERSON) });
  const repository = await openRepository(history.repo.path);
  const known = (await readKnownCommits(repository, await readIdentities(repository, [id]))).get(id);
  expect(known).toMatchObject({ state: undefined, record: { grade: "inferred" } });
  await history.expectFile("a.js", "h one(1);\nh two(2);\nh three(3);\n");
});
