// SPDX-License-Identifier: Apache-2.0
import { dirname, join } from "node:path";
import { createRepository, createSshKey, run, type TestRepository, tryRun } from "@countersign/testkit";
import { BUNDLE } from "../command.fixture.ts";

const ROOT = join(import.meta.dirname, "../../../..");
const RECORD = join(import.meta.dirname, "../../dist/countersign-record.mjs");
export const TARGET = "refs/heads/main";

/** Why this project's own history cannot be shipped here; undefined where it can. */
export async function findNoHistory(): Promise<string | undefined> {
  const git = async (...args: readonly string[]) =>
    (await tryRun("git", ["-C", ROOT, ...args], { cwd: ROOT })).stdout.toString("utf8").trim();
  if ((await git("rev-parse", "--show-toplevel")) === "" || (await git("rev-parse", "--show-prefix")) !== "")
    return "an unpacked archive has no history";
  if ((await git("rev-parse", "--is-shallow-repository")) === "true")
    return "a shallow clone has no history; fetch all of it first";
  const isThere = (await git("merge-base", LAST, "HEAD")) === LAST;
  return isThere ? undefined : `${LAST.slice(0, 12)} is not in this history`;
}

/** So many commits of this project up to this one are made again by agents and people, with the recorder installed. */
const REPLAYED = 8;
/** Always the same ones: of others a person's may change what those before it, an agent's here, have written. */
const LAST = "42f1065b8b1b3b9e40a3e5af48e42e1213034df6";

export interface OwnShipment extends AsyncDisposable {
  readonly repo: TestRepository;
  /** Verifier key of the log. */
  readonly logKey: string;
  /** Commits that this project had before any of it. */
  readonly before: number;
  readonly countersign: (...args: readonly string[]) => Promise<{ exitCode: number; stdout: string }>;
  /** Tip that went to production with everything signed. */
  readonly approved: string;
  /** What was pushed past the gate and shipped all the same. */
  readonly unapproved: string;
}

/**
 * This project, shipped: its history up to a few commits before one of it as it is; then a policy, a log and two environments; then the last
 * commits again, each written by an agent's tools or by a person under the real hooks, signed off, judged, logged and delivered.
 */
export async function shipOwnHistory(): Promise<OwnShipment> {
  const repo = await createRepository();
  const desk = await createDesk(repo);
  const { ok, replay, land, log, deliver } = desk;
  await repo.git(["fetch", "--quiet", ROOT, "HEAD"]);
  const line = (await repo.git(["rev-list", "--first-parent", "-n", `${REPLAYED + 1}`, LAST])).split("\n");
  const [start = "", ...next] = line.reverse();
  await repo.git(["reset", "--quiet", "--hard", start]);
  const before = Number(await repo.git(["rev-list", "--count", "--first-parent", start]));
  const logKey = (await ok("ledger", "init", "--origin", "git.example/countersign/countersign")).trim();
  await repo.write(".countersign/policy.yml", await desk.toPolicy(logKey));
  await repo.git(["add", ".countersign"]);
  const dates = { environment: await datesOf(repo, start) };
  await repo.git(["commit", "--quiet", "-m", "policy: seniors sign what an AI wrote"], dates);
  await ok("init", "--no-agents");
  for (const environment of ["staging", "production"]) await deliver(environment, "--baseline");

  const [first, second, third, fourth, fifth, sixth, seventh, eighth] = next;
  await land("merge", [
    { commit: first, by: "claude-code" },
    { commit: second, by: "claude-code" },
  ]);
  await land("fast-forward", [{ commit: third, by: "author" }]);
  await land("squash", [
    { commit: fourth, by: "codex" },
    { commit: fifth, by: "author" },
  ]);
  await land("merge", [{ commit: sixth, by: "claude-code" }]);
  await deliver("staging");
  await deliver("production");
  const approved = await repo.id(TARGET);
  for (const commit of [seventh, eighth]) await replay({ commit, by: "claude-code" });
  await deliver("staging");
  await log();
  return { ...desk, repo, logKey, before, approved, unapproved: await repo.id(TARGET) };
}

interface Replay {
  readonly commit: string | undefined;
  /** A person, or the agent whose tools wrote it. */
  readonly by: "author" | "claude-code" | "codex";
}

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: one desk with its few tools, each a line or two
async function createDesk(repo: TestRepository) {
  const senior = await createSshKey("senior");
  const folder = dirname(repo.path);
  const environment = { ...repo.environment, HOME: folder, NO_COLOR: "1" };
  const machines = ["ci", "release"] as const;
  for (const machine of machines)
    await run("sh", ["-c", `umask 077; openssl genpkey -algorithm ed25519 -out ${machine}.pem`], {
      cwd: folder,
    });
  const countersign = async (...args: readonly string[]) => {
    const result = await tryRun(process.execPath, [BUNDLE, ...args], { cwd: repo.path, environment });
    return { exitCode: result.exitCode, stdout: result.stdout.toString("utf8"), stderr: result.stderr };
  };
  const ok = async (...args: readonly string[]) => {
    const { exitCode, stdout, stderr } = await countersign(...args);
    if (exitCode !== 0) throw new Error(`${args.join(" ")}: ${exitCode}\n${stderr}${stdout}`);
    return stdout;
  };
  const log = () => ok("ledger", "append");
  const replay = createReplay(repo, environment);
  return {
    ok,
    countersign,
    log,
    replay,
    toPolicy: async (logKey: string) => {
      const keyOf = async (machine: string) => {
        const pem = await run("openssl", ["pkey", "-in", `${machine}.pem`, "-pubout"], { cwd: folder });
        return pem.toString().split("\n")[1] ?? "";
      };
      return toPolicy(senior.publicKey, logKey, await keyOf("ci"), await keyOf("release"));
    },
    /** A change on a branch of its own: written, signed off where an AI took part, judged, and landed. */
    land: async (as: "merge" | "squash" | "fast-forward", parts: readonly Replay[]) => {
      const base = await repo.id(TARGET);
      await repo.branch("change");
      for (const part of parts) await replay(part);
      const head = await repo.id("HEAD");
      const change = ["--base", base, "--head", head, "--target", TARGET];
      if (parts.some(({ by }) => by !== "author"))
        await ok("approve", ...change, "--key", senior.privateKeyPath, "--reason", "read line by line");
      await log();
      await ok("gate", ...change, "--attest", "--machine-key", join(folder, "ci.pem"));
      await log();
      await repo.checkout("main");
      const dates = { environment: await datesOf(repo, head) };
      const merge = (...args: readonly string[]) => repo.git(["merge", "--quiet", ...args, "change"], dates);
      if (as === "merge") await merge("--no-ff", "-m", "Merge branch 'change'");
      else if (as === "fast-forward") await merge("--ff-only");
      else {
        await merge("--squash");
        await repo.git(["commit", "--quiet", "-m", await titleOf(repo, head, " (#3)")], dates);
      }
      await repo.git(["branch", "-D", "change"]);
      // What a forge's squash drops is found again, as CI does it after a merge.
      await ok("reconcile", "--write", `${base}..${TARGET}`);
      await log();
    },
    deliver: async (environment: string, ...more: readonly string[]) => {
      const about = ["--environment", environment, "--target", TARGET, "--commit", await repo.id(TARGET)];
      const by = ["--machine-key", join(folder, "release.pem"), "--issuer", "https://ci.example"];
      const pipeline = [
        ...by,
        "--subject",
        "countersign/release",
        "--run",
        `https://ci.example/${environment}`,
      ];
      const result = await countersign("deploy", "record", ...about, ...pipeline, ...more);
      await log();
      return result;
    },
    [Symbol.asyncDispose]: async () => {
      await repo.remove();
      await senior.remove();
    },
  };
}

async function titleOf(repo: TestRepository, commit: string, suffix: string): Promise<string> {
  return `${await repo.git(["log", "-1", "--format=%s", commit])}${suffix}`;
}

async function datesOf(repo: TestRepository, commit: string) {
  const at = `@${await repo.git(["log", "-1", "--format=%at", commit])} +0000`;
  return { GIT_AUTHOR_DATE: at, GIT_COMMITTER_DATE: at };
}

/** Writes what a commit of this project changed, through the agent's own tool calls where it is an agent's, and commits it. */
function createReplay(repo: TestRepository, environment: Readonly<Record<string, string>>) {
  let calls = 0;
  const hook = async (payload: object, tool: string) => {
    const about = { session_id: `${tool}-session-${calls >> 2}`, cwd: repo.path, model: MODELS[tool] };
    const input = JSON.stringify({ ...about, ...payload });
    await run(process.execPath, [RECORD, tool], { cwd: repo.path, environment, input });
  };
  return async ({ commit = "", by }: Replay): Promise<void> => {
    const changed = await repo.git([
      "diff-tree",
      "-r",
      "-z",
      "--name-status",
      "--no-renames",
      `${commit}^`,
      commit,
    ]);
    const fields = changed.split("\0");
    const files = fields.flatMap((path, i) =>
      i % 2 === 1 && path !== POLICY ? [[fields[i - 1], path]] : [],
    );
    const write = async () => {
      const there = files.flatMap(([status, path = ""]) => (status === "D" ? [] : [path]));
      const gone = files.flatMap(([status, path = ""]) => (status === "D" ? [path] : []));
      if (there.length > 0) await repo.git(["checkout", commit, "--", ...there]);
      if (gone.length > 0) await repo.git(["rm", "--quiet", "--", ...gone]);
    };
    if (by === "author") await write();
    else {
      const id = `call-${calls++}`;
      const around = { tool_name: "Bash", tool_use_id: id, tool_input: { command: "make the change" } };
      await hook({ hook_event_name: "PreToolUse", ...around }, by);
      await write();
      await hook({ hook_event_name: "PostToolUse", tool_response: {}, ...around }, by);
    }
    await repo.git(["add", "--all"]);
    await repo.git(["commit", "--quiet", "--allow-empty", "-m", await titleOf(repo, commit, "")], {
      environment: await datesOf(repo, commit),
    });
  };
}

const POLICY = ".countersign/policy.yml";
const MODELS: Readonly<Record<string, string>> = { "claude-code": "claude-opus-4-8", codex: "gpt-5.2-codex" };

function toPolicy(senior: string, logKey: string, ci: string, release: string): string {
  return `version: 1
repository: https://git.example/countersign/countersign
targets: [${TARGET}]
people:
  author: { emails: [author@example.com] }
  senior: { emails: [senior@example.com], keys: ["${senior}"] }
roles:
  senior: { members: [senior] }
classes:
  core: { paths: ["packages/core/**"] }
  docs: { paths: ["docs/**", "specs/**", "**/*.md"] }
rules:
  - { id: ai-senior-sign-off, when: change.ai.assisted, require: { role: senior } }
unknown: allow
unknownAuthor: allow
signalled: deny
machines:
  ci: { keys: ["${ci}"], may: [verdict] }
  release: { keys: ["${release}"], may: [deployment] }
deployments:
  staging: {}
  production: { after: staging }
ledger: { verifierKey: "${logKey}" }
`;
}
