// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, openSync, rmdirSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A file system of its own over a folder. */
export interface MountedDisk extends AsyncDisposable {
  /** Takes every byte that is free. */
  readonly fill: () => Promise<void>;
  readonly empty: () => Promise<void>;
}

function mount(...args: readonly string[]): boolean {
  return spawnSync("mount", args, { stdio: "ignore" }).status === 0;
}

function unmount(folder: string): void {
  spawnSync("umount", ["-l", folder], { stdio: "ignore" });
}

/** Undefined where this process may mount; else what a skipped test needs, for its title. */
export function whyNoMounts(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), "countersign-mount-"));
  const may = mount("-t", "tmpfs", "-o", "size=64k", "tmpfs", folder);
  if (may) unmount(folder);
  rmdirSync(folder);
  return may ? undefined : " (SKIPPED: needs root and the right to mount a tmpfs)";
}

/** A tmpfs of so many bytes, such as `256k`. */
export async function mountDisk(folder: string, size: string): Promise<MountedDisk> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (!mount("-t", "tmpfs", "-o", `size=${size},mode=700`, "tmpfs", folder))
    throw new Error(`cannot mount a tmpfs at ${folder}`);
  const filler = join(folder, "filler");
  return {
    fill: async () => writeUntilFull(filler),
    empty: async () => rmSync(filler, { force: true }),
    [Symbol.asyncDispose]: async () => unmount(folder),
  };
}

function writeUntilFull(path: string): void {
  const file = openSync(path, "a");
  try {
    for (;;) writeSync(file, Buffer.alloc(4096));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
  } finally {
    closeSync(file);
  }
}

/** The folder as it is, but nothing in it can be changed until this is disposed of. */
export async function mountReadOnly(folder: string): Promise<AsyncDisposable> {
  if (!mount("--bind", folder, folder) || !mount("-o", "remount,ro,bind", folder))
    throw new Error(`cannot mount ${folder} read-only`);
  return { [Symbol.asyncDispose]: async () => unmount(folder) };
}
