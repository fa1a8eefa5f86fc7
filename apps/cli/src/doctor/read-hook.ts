// SPDX-License-Identifier: Apache-2.0
import { readFileSync, statSync } from "node:fs";
import { recogniseHook } from "../hooks/hook-script.ts";

export interface ReadHook {
  readonly state: "none" | "no-file" | ReturnType<typeof recogniseHook>;
  readonly text: string;
}

/** A hook that is there and cannot be read is somebody else's; a folder or a pipe is nobody's. */
export function readHook(path: string): ReadHook {
  try {
    if (!statSync(path).isFile()) return { state: "no-file", text: "" };
    const text = readFileSync(path, "utf8");
    return { state: recogniseHook(text), text };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { state: "none", text: "" };
    return { state: "foreign", text: "" };
  }
}
