// SPDX-License-Identifier: Apache-2.0
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createNoteKey } from "@countersign/store";
import { createTemporaryFolder } from "@countersign/testkit";
import { expect, it } from "vitest";
import { createTestLog } from "../../store/src/reader/logged.fixture.ts";
import { forkLog } from "./mirror-log.fixture.ts";
import { cosignCheckpoint, readWitnessedSize } from "./witness-log.ts";

it("a witness that runs twice at once signs one of two forks, and refuses the other for good", async () => {
  await using log = await createTestLog(3);
  await using fork = await forkLog(log, 4);
  await using folder = await createTemporaryFolder();
  const witness = {
    signer: createNoteKey(folder.path, "witness.example/w", "cosignature"),
    folder: folder.path,
  };
  const notes = [
    (await log.open()).checkpoint.note,
    await readFile(join(fork.dir, "checkpoint"), "utf8"),
  ] as const;
  const cosign = (note: string) =>
    cosignCheckpoint(witness, { log: log.signer.key, note, proof: [] }, () => 1_780_000_000);
  const ends = await Promise.allSettled(notes.map(cosign));
  const refused = ends.findIndex(({ status }) => status === "rejected");
  expect(ends.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(ends[refused]).toMatchObject({ reason: { name: "StoreError", code: "CONTENDED" } });
  expect(await readWitnessedSize(witness, log.signer.key)).toBe(refused === 0 ? 4 : 3);
  await expect(cosign(notes[refused] ?? "")).rejects.toMatchObject({
    code: refused === 0 ? "LEDGER_ROLLED_BACK" : "LEDGER_FORKED",
  });
});
