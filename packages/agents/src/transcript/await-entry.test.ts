// SPDX-License-Identifier: Apache-2.0
import { spawn } from "node:child_process";
import { once } from "node:events";
import { utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createTemporaryFolder } from "@countersign/testkit";
import { expect, it, onTestFinished, vi } from "vitest";
import { textOf } from "../payload/json-value.ts";
import { awaitEntry } from "./await-entry.ts";

const OTHER = '{"id":"call-0","model":"other"}\n';
const modelOf = (entry: unknown) => (textOf(entry, "id") === "call-1" ? textOf(entry, "model") : undefined);

it("waits for an entry that another process is about to write", async () => {
  await using folder = await createTemporaryFolder();
  const path = join(folder.path, "transcript.jsonl");
  writeFileSync(path, OTHER);
  const script = `console.log("ready"); setTimeout(() => fs.appendFileSync(${JSON.stringify(path)}, '{"id":"call-1","model":"late"}\\n'), 30)`;
  const writer = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  await once(writer.stdout, "data");
  // Asked again, as by the calls that follow: the writer may be slower than one wait.
  let model: string | undefined;
  for (let i = 0; i < 50 && model === undefined; i++) model = awaitEntry(path, "call-1", modelOf);
  expect(model).toBe("late");
  await once(writer, "exit");
});

it("gives up after a moment, and at once where nobody writes or there is no transcript", async () => {
  await using folder = await createTemporaryFolder();
  const path = join(folder.path, "transcript.jsonl");
  const waits = vi.spyOn(Atomics, "wait");
  onTestFinished(() => waits.mockRestore());
  expect(awaitEntry(path, "call-1", modelOf)).toBeUndefined();
  expect(waits).not.toHaveBeenCalled();
  writeFileSync(path, OTHER);
  expect(awaitEntry(path, "call-1", modelOf)).toBeUndefined();
  expect(waits).toHaveBeenCalledTimes(4);
  utimesSync(path, 1, 1);
  expect(awaitEntry(path, "call-1", modelOf)).toBeUndefined();
  expect(waits).toHaveBeenCalledTimes(4);
});
