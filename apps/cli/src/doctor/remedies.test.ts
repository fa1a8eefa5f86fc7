// SPDX-License-Identifier: Apache-2.0
import { mkdir, rm, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { hookOf, type Patient, paste, recorderOf, withPatient } from "./patient.fixture.ts";

async function replaceByFolder(path: string): Promise<void> {
  await rm(path, { recursive: true });
  await mkdir(path);
}

async function replaceByFile(path: string): Promise<void> {
  await rm(path, { recursive: true });
  await writeFile(path, "x");
}

const CASES: readonly (readonly [string, (patient: Patient) => Promise<unknown>, RegExp])[] = [
  ["a folder in the place of a hook", (p) => replaceByFolder(hookOf(p)), /post-commit is no file/],
  ["a folder in the place of the mark", (p) => replaceByFolder(recorderOf(p, "active")), /active is damaged/],
  ["a file in the place of its folder", (p) => replaceByFile(recorderOf(p, "")), /recorder is no folder/],
  [
    "a file in the place of our folder",
    (p) => replaceByFile(recorderOf(p, "..")),
    /countersign is no folder/,
  ],
  [
    "a notes ref that holds no notes, so that none can be written",
    (p) => p.repo.git(["update-ref", "refs/notes/ai", "HEAD:a"]),
    /refs\/notes\/ai holds something else/,
  ],
  [
    "a records ref that holds no commit",
    (p) => p.repo.git(["update-ref", "refs/countersign/records", "HEAD:a"]),
    /refs\/countersign\/records holds something else/,
  ],
];

test.each(CASES)("what is advised, pasted row by row, mends %s", (_title, harm, message) =>
  withPatient(async (patient) => {
    const { home, repo, doctor } = patient;
    await harm(patient);
    const { exitCode, bad } = await doctor();
    expect([exitCode, bad.map((one) => one.message)]).toEqual([
      1,
      expect.arrayContaining([expect.stringMatching(message)]),
    ]);
    for (const { fix } of bad) if (fix !== null) await paste(home, repo, fix);
    expect((await doctor()).bad).toEqual([]);
  }),
);
