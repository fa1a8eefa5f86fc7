// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createTemporaryFolder } from "@countersign/testkit";
import { expect, it } from "vitest";
import { withLock } from "./with-lock.ts";

it("lets one work at a time, also where the folder goes in between, and leaves nothing behind", async () => {
  await using folder = await createTemporaryFolder();
  const place = join(folder.path, "own");
  const path = join(place, "file.lock");
  let inside = 0;
  const work = async () => {
    expect(++inside).toBe(1);
    await new Promise((resolve) => setImmediate(resolve));
    inside--;
  };
  await withLock(path, work);
  await rm(place, { recursive: true });
  await Promise.all([withLock(path, work), withLock(path, work), withLock(path, work)]);
  expect(existsSync(path)).toBe(false);
});

it("takes over from whoever died, once", async () => {
  await using folder = await createTemporaryFolder();
  const path = join(folder.path, "file.lock");
  await writeFile(path, String(spawnSync("true").pid));
  const order: string[] = [];
  const work = (name: string) => async () => {
    order.push(`${name} begins`);
    await new Promise((resolve) => setImmediate(resolve));
    order.push(`${name} ends`);
  };
  await Promise.all([withLock(path, work("one")), withLock(path, work("two"))]);
  expect(order.map((each) => each.split(" ")[1])).toEqual(["begins", "ends", "begins", "ends"]);
});

it("says at once where no lock can be made", async () => {
  await using folder = await createTemporaryFolder();
  await writeFile(join(folder.path, "file"), "");
  await expect(withLock(join(folder.path, "file/lock"), async () => undefined)).rejects.toThrow();
});
