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
