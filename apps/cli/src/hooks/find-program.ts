// SPDX-License-Identifier: Apache-2.0
import { realpathSync } from "node:fs";
import type { CliContext } from "../cli-context.ts";
import { UsageError } from "../exit-code.ts";
import type { HookProgram } from "./hook-script.ts";

/** The program that runs now, as hooks are to start it. */
export function findProgram({ host }: CliContext): HookProgram {
  const script = host.argv[1];
  if (script === undefined)
    throw new UsageError("cannot tell where this program lies; run its file with node");
  return { node: host.execPath, command: realpathSync(script) };
}
