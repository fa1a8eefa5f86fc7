// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";

/**
 * A network of their own with loopback only, so that no byte can leave the machine; processes of their own, so that what
 * an agent leaves running ends with it and nothing else does. Without root through a user namespace, where those are allowed.
 */
const UNSHARE = [
  ...(process.getuid?.() === 0 ? [] : ["--map-root-user"]),
  ...["--net", "--pid", "--fork", "--mount-proc", "--kill-child"],
];

/** The shell stays as process 1, which takes in what loses its parent. */
const SCRIPT = 'ip link set lo up && "$@"; exit $?';

/** Words of the command that runs these words isolated. */
export function isolated(words: readonly string[]): readonly string[] {
  return ["unshare", ...UNSHARE, "sh", "-c", SCRIPT, "isolated", ...words];
}

/** Why nothing can be isolated here; undefined if it can. */
export function findObstacle(): string | undefined {
  const [program = "", ...words] = isolated(["true"]);
  const { status, stderr, error } = spawnSync(program, words, { encoding: "utf8" });
  if (status === 0) return undefined;
  const reason = error?.message ?? (stderr.trim() || `it ended with ${status}`);
  return `agents run only without a network (unshare and ip, as root or with user namespaces): ${reason}`;
}
