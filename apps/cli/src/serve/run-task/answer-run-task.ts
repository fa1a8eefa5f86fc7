// SPDX-License-Identifier: Apache-2.0
import { parseRunTask, type RunTask, type TaskResult, toTaskResult } from "@countersign/core/admission";
import type { DeployReport } from "@countersign/core/audit";
import type { ObjectId } from "@countersign/core/ids";
import { displayText } from "@countersign/core/render";
import type { LimitWork } from "../limit-work.ts";
import type { Reply, RouteRequest } from "../reply.ts";
import { isSigned } from "./is-signed.ts";
import { sendResult } from "./send-result.ts";

export interface RunTasks {
  readonly key: Uint8Array;
  /** `host` or `host:port` to which an answer, with the run's token, may go. */
  readonly callbackHosts: readonly string[];
  readonly judge: (commit: ObjectId) => Promise<DeployReport>;
  readonly limit: LimitWork;
  /** Work that goes on after the reply, so that the server can wait for it. */
  readonly keep: (work: Promise<void>) => void;
  readonly log: (entry: Readonly<Record<string, unknown>>) => void;
}

/** The reply says only that the task was taken; what came of it goes to the run's own address afterwards. */
export async function answerRunTask(tasks: RunTasks, { body, headers }: RouteRequest): Promise<Reply> {
  if (!isSigned(body, headers["x-tfc-task-signature"], tasks.key))
    return { status: 401, body: "the signature is not of this run task's key\n" };
  const task = readTask(body);
  if (task === undefined) return { status: 400, body: "no run task\n" };
  if (task.kind === "ping") return { status: 200, body: "ok\n" };
  const { host } = new URL(task.callback);
  if (!tasks.callbackHosts.includes(host))
    return { status: 403, body: "answers do not go to that host (--callback-host)\n" };
  tasks.keep(judgeAndSend(tasks, task));
  return { status: 200, body: "taken\n" };
}

function readTask(body: Uint8Array): RunTask | undefined {
  try {
    const task = parseRunTask(new TextDecoder("utf-8", { fatal: true }).decode(body));
    if (task.kind === "task") new URL(task.callback);
    return task;
  } catch {
    return undefined;
  }
}

async function judgeAndSend(tasks: RunTasks, task: Extract<RunTask, { kind: "task" }>): Promise<void> {
  const { stage, run, workspace, commit, callback: url, accessToken } = task;
  const result = await toResult(tasks, commit);
  // Never the token.
  const entry = { run, stage, workspace, commit, ...result };
  try {
    await sendResult({ url, accessToken }, result);
    tasks.log(entry);
  } catch (error) {
    tasks.log({ ...entry, unsent: error instanceof Error ? error.message : String(error) });
  }
}

async function toResult({ judge, limit }: RunTasks, commit: ObjectId | null): Promise<TaskResult> {
  if (commit === null)
    return no(
      "the run names no commit: its configuration was uploaded, and did not come from the repository",
    );
  try {
    const report = await limit(() => judge(commit));
    return report === undefined ? no("there was no answer in time; run it again") : toTaskResult(report);
  } catch (error) {
    return no(error instanceof Error ? error.message : String(error));
  }
}

function no(reason: string): TaskResult {
  return { status: "failed", message: displayText(`error: ${reason}`, 1000) };
}
