// SPDX-License-Identifier: Apache-2.0
import { homedir, userInfo } from "node:os";
import { isAbsolute } from "node:path";
import { UsageError } from "./exit-code.ts";

/**
 * Where the person's configuration lies. Without HOME, or with an empty one, what the system knows of its user; Node itself would take the
 * empty path, which is the folder where the command was called.
 */
export function homeFolder({ HOME }: NodeJS.ProcessEnv): string {
  const home = HOME || (HOME === "" ? userInfo().homedir : homedir());
  if (isAbsolute(home)) return home;
  throw new UsageError(
    `HOME is "${home}"; expected the absolute path of your home folder; without HOME the one that the system knows is taken`,
  );
}
