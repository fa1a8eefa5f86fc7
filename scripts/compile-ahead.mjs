// SPDX-License-Identifier: Apache-2.0
// Runs what was just built, so that V8's code of what most people call is kept. A program that cannot run is for them to report.

import { spawnSync } from "node:child_process";
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

/** What is run beside the tour, which calls most, and what it needs of this repository. */
const OWN_COMMANDS = [
  ["policy", "test"],
  ["evidence", "list"],
  ["scan", "--limit", "20"],
  ["gate", "--base", "HEAD~1", "--target", "refs/heads/main"],
];

/** The programs by their paths, each made so that it keeps all that it ran; `root` is this repository. */
export async function compileAhead({ record, commit, command, root }) {
  const run = (args, options) =>
    spawnSync(process.execPath, args, { stdio: ["pipe", "ignore", "ignore"], input: "", ...options });
  run([command, "tour"]);
  for (const words of OWN_COMMANDS) run([command, ...words, "--repo", root]);
  const folder = mkdtempSync(join(tmpdir(), "countersign-ahead-"));
  try {
    playCommit(folder, { run, record, commit, command });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** An agent writes two files, one of them twice, and commits: what hooks start is what an agent and a commit wait for. */
function playCommit(folder, { run, record, commit, command }) {
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_AUTHOR_NAME: "author",
    GIT_AUTHOR_EMAIL: "author@example.com",
    GIT_COMMITTER_NAME: "author",
    GIT_COMMITTER_EMAIL: "author@example.com",
  };
  const git = (...args) => spawnSync("git", args, { cwd: folder, env, stdio: "ignore" });
  git("init", "--quiet", "--initial-branch=main");
  run([command, "init", "--no-agents", "--repo", folder], { env });
  useHooksOf(join(folder, ".git/hooks"), commit);
  for (const [call, name] of ["first.js", "second.js", "first.js"].entries()) {
    const tell = (event) =>
      run([record, "claude-code"], { cwd: folder, env, input: toPayload(folder, event, call, name) });
    tell("PreToolUse");
    appendFileSync(join(folder, name), `export const value${call} = first.second(${call});\n`);
    tell("PostToolUse");
    git("add", name);
    git("commit", "--quiet", "--message", `${name}: change ${call}`);
  }
}

/** Nothing in the background: what two keep at once only one of them keeps. */
function useHooksOf(folder, commit) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const text = readFileSync(path, "utf8");
    writeFileSync(
      path,
      text.replaceAll("countersign-commit.cjs", basename(commit)).replaceAll("2>&1 &\n", "2>&1\n"),
    );
  }
}

function toPayload(folder, event, call, name) {
  return JSON.stringify({
    session_id: "ahead",
    cwd: folder,
    hook_event_name: event,
    tool_name: "Write",
    tool_use_id: `call-${call}`,
    tool_input: { file_path: join(folder, name), content: "" },
    tool_response: {},
  });
}
