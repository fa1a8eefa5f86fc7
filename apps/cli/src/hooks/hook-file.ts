// SPDX-License-Identifier: Apache-2.0
import { lstat, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { UsageError } from "../exit-code.ts";
import { BEFORE, recogniseHook } from "./hook-script.ts";

/** Installs or renews one hook; an own hook that stands there is moved beside it and called first. */
export async function installHook(path: string, script: string): Promise<"installed" | "kept" | "renewed"> {
  await mkdir(dirname(path), { recursive: true });
  const state = await readState(path);
  if (state === "edited") throw edited(path);
  if (state === "ours") {
    if ((await readFile(path, "utf8")) === script) return "kept";
    await writeWhole(path, script);
    return "renewed";
  }
  if (state === "foreign") await moveBeside(path);
  // Crash argument: between the two renames no hook stands here at all; a second install finds the moved one in its place.
  await writeWhole(path, script);
  return "installed";
}

/** Removes our hook and puts back what was there, byte for byte: it was only ever renamed. */
export async function uninstallHook(path: string): Promise<"removed" | "restored" | "absent"> {
  const state = await readState(path);
  if (state === "edited") throw edited(path);
  if (state !== "ours") return "absent";
  if (!(await exists(path + BEFORE))) {
    await rm(path);
    return "removed";
  }
  await rename(path + BEFORE, path);
  return "restored";
}

async function readState(path: string): Promise<"none" | "ours" | "edited" | "foreign"> {
  if (!(await exists(path))) return "none";
  // A link is somebody's, even where it leads to a hook of ours: writing through it would change another repository.
  if ((await lstat(path)).isSymbolicLink()) return "foreign";
  return recogniseHook(await readFile(path, "utf8"));
}

async function moveBeside(path: string): Promise<void> {
  if (await exists(path + BEFORE)) {
    throw new UsageError(
      `${path} is not countersign's, and ${path}${BEFORE} exists too; put what you need into one of them, remove the other, and install again`,
    );
  }
  await rename(path, path + BEFORE);
}

/** Whole or not at all: Git may start the hook at any moment. */
async function writeWhole(path: string, script: string): Promise<void> {
  const draft = `${path}.countersign-${process.pid}`;
  await writeFile(draft, script, { mode: 0o755, flag: "wx" });
  await rename(draft, path);
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch {
    return false;
  }
}

function edited(path: string): UsageError {
  return new UsageError(
    `${path} was changed after countersign wrote it; move your lines to ${path}${BEFORE} (it runs first), delete ${path}, and try again`,
  );
}
