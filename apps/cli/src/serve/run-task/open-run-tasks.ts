// SPDX-License-Identifier: Apache-2.0
import { checkDeployment } from "@countersign/audit";
import type { CliContext } from "../../cli-context.ts";
import { readDeployFlags } from "../../deploy/deploy-flags.ts";
import { type Door, toDoorLog } from "../door.ts";
import { limitWork } from "../limit-work.ts";
import type { ServeFlags } from "../serve-flags.ts";
import { answerRunTask } from "./answer-run-task.ts";
import { readTaskKey } from "./read-task-key.ts";

/** A run waits ten minutes for its answer; with a minute here there is time for the sending. Milliseconds. */
const MOST_WAIT = 60_000;

/** The door of HCP Terraform or Terraform Enterprise. Throws UsageError. */
export async function openRunTasks(context: CliContext, flags: ServeFlags): Promise<Door> {
  const open = new Set<Promise<void>>();
  const tasks = {
    key: await readTaskKey(flags.runTaskKey),
    callbackHosts: flags.callbackHost ?? ["app.terraform.io"],
    judge: async (commit: string) =>
      (await checkDeployment(await readDeployFlags(context, { ...flags, commit, provenance: [] }))).report,
    limit: limitWork({ atOnce: 4, inLine: 64, wait: MOST_WAIT }),
    keep: (work: Promise<void>) => {
      open.add(work);
      void work.finally(() => open.delete(work));
    },
    log: toDoorLog(context, "run-task"),
  };
  return {
    path: "/run-task",
    route: (request) => answerRunTask(tasks, request),
    finish: async () => {
      await Promise.allSettled(open);
    },
  };
}
