// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import type { DeployReport } from "../audit/index.ts";
import { CoreError, isObjectId, type ObjectId } from "../ids/index.ts";
import { displayText } from "../render/index.ts";

/** What HCP Terraform and Terraform Enterprise ask at a stage of a run. Nothing in it is safe to print as it is. */
export type RunTask =
  /** Sent once when the task is made, to see that somebody answers; nothing is asked. */
  | { readonly kind: "ping" }
  | {
      readonly kind: "task";
      readonly stage: string;
      readonly run: string;
      readonly workspace: string;
      readonly accessToken: string;
      readonly callback: string;
      /** Of the configuration; null where it did not come from version control. */
      readonly commit: ObjectId | null;
    };

const text = z.string().max(4000);
const schema = z.object({
  payload_version: z.literal(1),
  access_token: text.nullish(),
  stage: text.nullish(),
  task_result_callback_url: text.nullish(),
  run_id: text.nullish(),
  workspace_name: text.nullish(),
  vcs_commit_url: text.nullish(),
});

/** What the test request has for a token; older servers send none. */
const PING_TOKENS: ReadonlySet<string> = new Set(["", "test-token"]);

/** Throws CoreError ADMISSION_MALFORMED for whatever is no request of a run task. The caller has proved who sent it. */
export function parseRunTask(body: string): RunTask {
  const result = schema.safeParse(readJson(body));
  if (!result.success) throw refuse("no run task of payload version 1");
  const { access_token: token, task_result_callback_url: callback, ...rest } = result.data;
  if (PING_TOKENS.has(token ?? "")) return { kind: "ping" };
  if (typeof token !== "string" || typeof callback !== "string" || !URL_OF_HTTPS.test(callback))
    throw refuse("a run task names no https address for its answer");
  return {
    kind: "task",
    stage: rest.stage ?? "",
    run: rest.run_id ?? "",
    workspace: rest.workspace_name ?? "",
    accessToken: token,
    callback,
    commit: toCommit(rest.vcs_commit_url ?? ""),
  };
}

const URL_OF_HTTPS = /^https:\/\/[\x21-\x7e]+$/;
/** GitHub, GitLab, Bitbucket and Azure DevOps end the address of a commit alike. */
const COMMIT_URL = /\/commits?\/([0-9a-f]{40}|[0-9a-f]{64})\/?$/;

function toCommit(url: string): ObjectId | null {
  const id = COMMIT_URL.exec(url)?.[1] ?? "";
  return isObjectId(id) ? id : null;
}

/** How the answer is worded; only a pass or an override is a yes. */
export interface TaskResult {
  readonly status: "passed" | "failed";
  readonly message: string;
}

const MOST_MESSAGE = 1500;

export function toTaskResult({ verdict, environment, commit, findings }: DeployReport): TaskResult {
  const isYes = verdict === "pass" || verdict === "override";
  const against = findings
    .filter(({ status }) => status === "error" || status === "fail" || status === "pending")
    .map(({ rule, reason }) => `${rule}: ${reason}`);
  const what = `${verdict}: ${(commit ?? "no commit").slice(0, 12)} for ${environment}`;
  const why = isYes ? (verdict === "override" ? ["by break-glass; it must be reviewed"] : []) : against;
  return {
    status: isYes ? "passed" : "failed",
    message: displayText([what, ...why].join("; "), MOST_MESSAGE),
  };
}

/** JSON:API, as the callback takes it. */
export function formatTaskResult({ status, message }: TaskResult): string {
  return JSON.stringify({ data: { type: "task-results", attributes: { status, message } } });
}

function readJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw refuse("the body is no JSON");
  }
}

function refuse(message: string): CoreError {
  return new CoreError("ADMISSION_MALFORMED", message);
}
