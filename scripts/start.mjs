// SPDX-License-Identifier: Apache-2.0
// `npm start [-- <command> …]`: builds the command where its sources are newer, then runs it. Without arguments: the tour.
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { BUNDLE, buildIfStale, ROOT } from "./build.mjs";
import { ensureSsh } from "./ensure-ssh.mjs";

const args = process.argv.slice(2);
if (args.length === 0 && !ensureSsh()) process.exit(2);
await buildIfStale();
// npm runs scripts in the workspace's own folder and tells in INIT_CWD where the person stood: `--repo .` means there.
const env = { ...process.env, COUNTERSIGN_CWD: process.env.INIT_CWD ?? process.cwd() };
const child = spawn(process.execPath, [BUNDLE, ...(args.length === 0 ? ["tour", "--project", ROOT] : args)], {
  stdio: "inherit",
  env,
});
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code, signal) => {
  process.exitCode = signal === null ? (code ?? 3) : 128 + constants.signals[signal];
});
