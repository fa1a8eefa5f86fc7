// SPDX-License-Identifier: Apache-2.0
import { join, resolve } from "node:path";
import type { CliContext } from "../cli-context.ts";

/** A key's file as typed; `~/` works where no shell expanded it, as in --key=~/.ssh/id_ed25519. */
export function resolveKeyPath({ host }: CliContext, key: string): string {
  if (key.startsWith("~/") && host.env.HOME !== undefined) return join(host.env.HOME, key.slice(2));
  return resolve(host.env.COUNTERSIGN_CWD ?? host.cwd(), key);
}
