// SPDX-License-Identifier: Apache-2.0
import { runPostCommit } from "./run-post-commit.ts";
import { runPrepareCommitMsg } from "./run-prepare-commit-msg.ts";

/** What Git's own hooks start around a commit, and only while something may be pending. Never in the way of the commit. */
const [name = "", ...rest] = process.argv.slice(2);
process.on("uncaughtException", () => process.exit(0));
try {
  if (name === "prepare-commit-msg") await runPrepareCommitMsg(rest);
  else await runPostCommit();
} catch (error) {
  process.stderr.write(
    `countersign: ${name} was not recorded yet and will be with the next commit: ${String(error).slice(0, 300)}\n`,
  );
}
process.exit(0);
