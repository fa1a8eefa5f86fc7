// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { createTemporaryFolder } from "@countersign/testkit";
import { expect, it } from "vitest";
import { openFolderBackend } from "../folder-backend.ts";
import {
  buildGoldenLedger,
  GOLDEN,
  GOLDEN_ENTRIES,
  GOLDEN_KEY,
  GOLDEN_PROOF,
} from "./golden-ledger.fixture.ts";
import { readAll } from "./logged.fixture.ts";
import { openLedger } from "./open-ledger.ts";

/** Contents of every file by path; what is only half written is no part of the format. */
function filesOf(root: string): Readonly<Record<string, string>> {
  const paths = readdirSync(root, { recursive: true, encoding: "utf8" }).filter(
    (path) => !path.startsWith(".scratch") && statSync(join(root, path)).isFile(),
  );
  return Object.fromEntries(paths.sort().map((path) => [path, readFileSync(join(root, path), "latin1")]));
}

it("the golden ledger is what its script builds, byte for byte", async () => {
  await using folder = await createTemporaryFolder();
  await buildGoldenLedger(folder.path);
  const golden = filesOf(GOLDEN);
  expect(Object.keys(golden)).toContain("tile/0/000.p/9");
  expect(filesOf(folder.path)).toEqual(golden);
});

it("the golden ledger reads as it was written", async () => {
  await using folder = await createTemporaryFolder();
  const trust = { log: GOLDEN_KEY, witnesses: [], quorum: 0 };
  // Built elsewhere too, since opening a folder may write to it.
  await buildGoldenLedger(folder.path);
  const ledger = await openLedger({ backend: openFolderBackend(folder.path), trust, memory: null });
  expect(await readAll(ledger)).toEqual(GOLDEN_ENTRIES);
  expect(await ledger.object(GOLDEN_ENTRIES[1]?.object ?? "")).toBe("redacted");
  expect(await ledger.prove(8)).toBe(readFileSync(GOLDEN_PROOF, "utf8"));
});
