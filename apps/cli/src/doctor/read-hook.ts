// SPDX-License-Identifier: Apache-2.0
import { readFileSync, statSync } from "node:fs";
import { recogniseHook } from "../hooks/hook-script.ts";

export interface ReadHook {
  readonly state: "none" | ReturnType<typeof recogniseHook>;
  readonly text: string;
}

/** A hook that is there and cannot be read, such as a pipe or a folder, is somebody else's. */
export function readHook(path: string): ReadHook {
  try {
    if (!statSync(path).isFile()) return { state: "foreign", text: "" };
    const text = readFileSync(path, "utf8");
    return { state: recogniseHook(text), text };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { state: "none", text: "" };
    return { state: "foreign", text: "" };
  }
}
