// SPDX-License-Identifier: Apache-2.0
// Our own gate on our own history: everything since the policy last changed, judged by that policy.
import { spawnSync } from "node:child_process";
import { BUNDLE, ROOT } from "./build.mjs";

/** Returns { isOk, text }; says so where this copy has no history to judge. */
export function checkOwnHistory() {
  const git = (...args) => spawnSync("git", ["-C", ROOT, ...args], { encoding: "utf8" });
  if (git("rev-parse", "--show-cdup").stdout !== "\n")
    return { isOk: true, text: "SKIPPED: an unpacked archive has no history to judge" };
  if (git("rev-parse", "--is-shallow-repository").stdout.trim() === "true") {
    return { isOk: true, text: "SKIPPED: a shallow clone cannot be judged; fetch the whole history first" };
  }
  const base = git("log", "-1", "--format=%H", "--", ".countersign").stdout.trim();
  const change = ["--base", base, "--head", "HEAD", "--target", "refs/heads/main"];
  const run = spawnSync(process.execPath, [BUNDLE, "gate", "--repo", ROOT, ...change, "--no-color"], {
    encoding: "utf8",
  });
  return { isOk: run.status === 0, text: `${run.stdout}${run.stderr}` };
}
