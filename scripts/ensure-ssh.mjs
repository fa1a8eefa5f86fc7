// SPDX-License-Identifier: Apache-2.0
// Sign-offs are made with ssh-keygen, which comes with OpenSSH's client: on nearly every machine, not on every container.
import { spawnSync } from "node:child_process";

/** True where ssh-keygen can be run; installs it where that is possible, and says how where it is not. */
export function ensureSsh() {
  if (isThere()) return true;
  const isRoot = process.getuid?.() === 0;
  const isDebian = spawnSync("apt-get", ["--version"], { stdio: "ignore" }).status === 0;
  if (isRoot && isDebian) {
    console.error("ssh-keygen is missing; installing Debian's openssh-client");
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    spawnSync("apt-get", ["update", "-qq"], { stdio: ["ignore", "ignore", "inherit"], env });
    const install = ["install", "-y", "-qq", "--no-install-recommends", "openssh-client"];
    spawnSync("apt-get", install, { stdio: ["ignore", "ignore", "inherit"], env });
    if (isThere()) return true;
  }
  console.error(
    "ssh-keygen is missing, and signing needs it. Install OpenSSH's client: apt-get install openssh-client",
  );
  return false;
}

function isThere() {
  // Without arguments it would ask; an unknown option makes it print its usage and end.
  return spawnSync("ssh-keygen", ["-?"], { stdio: "ignore" }).error === undefined;
}
