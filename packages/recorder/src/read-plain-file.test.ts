// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createTemporaryFolder } from "@countersign/testkit";
import { expect, it } from "vitest";
import { readPlainFile } from "./read-plain-file.ts";

it("reads a plain file, and nothing that never ends or is no file", async () => {
  await using folder = await createTemporaryFolder();
  const at = (name: string) => join(folder.path, name);
  writeFileSync(at("plain"), "12345");
  mkdirSync(at("folder"));
  execFileSync("mkfifo", [at("pipe")]);
  for (const [name, target] of [
    ["to-plain", "plain"],
    ["to-device", "/dev/zero"],
    ["to-pipe", "pipe"],
    ["to-itself", "to-itself"],
  ] as const)
    symlinkSync(target, at(name));
  expect(readPlainFile(at("plain"), 5)?.toString()).toBe("12345");
  expect(readPlainFile(Buffer.from(at("plain")), 4)).toBeUndefined();
  const others = ["folder", "pipe", "to-plain", "to-device", "to-pipe", "to-itself", "none", "plain/x"];
  expect(others.filter((name) => readPlainFile(at(name), 5) !== undefined)).toEqual([]);
});
