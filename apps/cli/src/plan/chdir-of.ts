// SPDX-License-Identifier: Apache-2.0
import { resolve } from "node:path";

const IN_FOLDER = /^--?chdir=(.+)$/;

/** Where a command of Terraform or OpenTofu runs: `-chdir=infra` leads from where it is started. */
export function chdirOf(command: readonly string[], from: string): string {
  const folder = command.map((word) => IN_FOLDER.exec(word)?.[1]).find((each) => each !== undefined);
  return folder === undefined ? from : resolve(from, folder);
}
