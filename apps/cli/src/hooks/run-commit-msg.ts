// SPDX-License-Identifier: Apache-2.0
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Identity, RawText } from "@countersign/core/ids";
import { type Emission, PolicyError, parsePolicy } from "@countersign/core/policy";
import { displayText } from "@countersign/core/render";
import { type LintResult, lintCommitMessage } from "@countersign/core/trailers";
import { POLICY_PATH } from "@countersign/gate";
import { openRepository, type Repository, readFileAt, readSetting, resolveCommit } from "@countersign/git";
import { findCommentChar, readMessage, replaceMessage } from "@countersign/recorder";
import type { CliContext } from "../cli-context.ts";
import type { ExitCode } from "../exit-code.ts";
import { toFailure } from "../report-failure.ts";
import { toQuarantine } from "./hook-environment.ts";
import { readMode } from "./hook-settings.ts";

const MODES = ["warn", "fix", "block", "off"] as const;
const MOST_LINES = 40;

/**
 * Looks at the attribution of a message that is about to be committed. Advice: the gate reads every commit again, so
 * whatever goes wrong here is said and lets the commit go on with the message as it was.
 */
export async function runCommitMsg(context: CliContext, _flags: object, file: string): Promise<ExitCode> {
  try {
    return await lint(context, file);
  } catch (error) {
    for (const line of toFailure(error, false).lines) context.host.stderr.write(`${line}\n`);
    context.warn("the message was not checked and stays as it is");
    return 0;
  }
}

async function lint(context: CliContext, file: string): Promise<ExitCode> {
  const { env } = context.host;
  const cwd = context.host.cwd();
  const repository = await openRepository(cwd, toQuarantine(env, cwd));
  const mode = await readMode(repository, "countersign.commitMsg", MODES);
  if (mode === "off") return 0;
  const message = readMessage(file);
  const emission = await readEmission(context, repository);
  const commentChar = await readCommentChar(repository, message, env.GIT_EDITOR !== ":");
  const [author, committer] = await Promise.all([
    identity(repository, env, "AUTHOR"),
    identity(repository, env, "COMMITTER"),
  ]);
  const result = lintCommitMessage({ message, author, committer }, emission, { commentChar });
  if (result.problems.length === 0) return 0;
  return await act(context, repository, { mode, file, result });
}

interface Case {
  readonly mode: (typeof MODES)[number];
  readonly file: string;
  readonly result: LintResult;
}

async function act(
  context: CliContext,
  repository: Repository,
  { mode, file, result }: Case,
): Promise<ExitCode> {
  for (const { code, message: text } of result.problems) context.warn(`${code}: ${text}`);
  const { canonicalMessage } = result;
  if (mode === "fix" && canonicalMessage !== null) {
    replaceMessage(file, canonicalMessage);
    context.warn("the message was put into the canonical form; git commit --amend changes it again");
    return 0;
  }
  if (canonicalMessage !== null) showCanonical(context, canonicalMessage);
  if (mode !== "block") return 0;
  const copy = join(repository.gitDir, "countersign-message");
  await writeFile(copy, Buffer.from(await readFile(file)));
  context.warn(`not committed; your message is kept: git commit -e -F ${displayText(copy, 2000)}`);
  // The installed hook waits for this word; an exit code alone could be a crash.
  await context.output.write("refused\n");
  return 1;
}

function showCanonical({ host, warn }: CliContext, canonical: RawText): void {
  warn("the canonical form is:");
  const lines = canonical.trimEnd().split("\n");
  const shown = lines.slice(0, MOST_LINES).map((line) => `    ${displayText(line, 400)}`.trimEnd());
  const rest = lines.length > MOST_LINES ? [`    … and ${lines.length - MOST_LINES} more lines`] : [];
  host.stderr.write(`${[...shown, ...rest].join("\n")}\n`);
  warn("to have it written for you: git config countersign.commitMsg fix");
}

/** Which convention the project writes: the policy as it lies in the work tree, else as committed. */
async function readEmission(context: CliContext, repository: Repository): Promise<Emission> {
  const bytes = (await readWorkTreePolicy(repository)) ?? (await readCommittedPolicy(repository));
  if (bytes === undefined) return "ai-assisted";
  try {
    return parsePolicy(bytes, POLICY_PATH).emission;
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    context.warn(
      `${POLICY_PATH} is invalid (countersign policy check), so the convention AI-Assisted is assumed`,
    );
    return "ai-assisted";
  }
}

async function readWorkTreePolicy({ workTree }: Repository): Promise<Uint8Array | undefined> {
  if (workTree === undefined) return undefined;
  return await readFile(join(workTree, POLICY_PATH)).catch(() => undefined);
}

async function readCommittedPolicy(repository: Repository): Promise<Uint8Array | undefined> {
  const head = await resolveCommit(repository, "HEAD");
  return head === undefined ? undefined : await readFileAt(repository, head, POLICY_PATH);
}

async function readCommentChar(
  repository: Repository,
  message: RawText,
  isEdited: boolean,
): Promise<string | null> {
  const commentChar =
    (await readSetting(repository, "core.commentString")) ??
    (await readSetting(repository, "core.commentChar"));
  const cleanup = await readSetting(repository, "commit.cleanup");
  return findCommentChar(message, { commentChar, cleanup, isEdited });
}

/** Git tells the hook who commits where it differs from the configuration. */
async function identity(
  repository: Repository,
  env: NodeJS.ProcessEnv,
  part: "AUTHOR" | "COMMITTER",
): Promise<Identity> {
  const name = env[`GIT_${part}_NAME`] ?? (await readSetting(repository, "user.name")) ?? "";
  const email = env[`GIT_${part}_EMAIL`] ?? (await readSetting(repository, "user.email")) ?? "";
  return { name, email };
}
