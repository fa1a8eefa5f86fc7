// SPDX-License-Identifier: Apache-2.0
import type { DeployedArtifact } from "@countersign/core/attestation";
import type { CliContext } from "../../cli-context.ts";
import { UsageError } from "../../exit-code.ts";
import { type Door, toDoorLog } from "../door.ts";
import { limitWork } from "../limit-work.ts";
import type { ServeFlags } from "../serve-flags.ts";
import { answerReview } from "./answer-review.ts";
import { judgeImage } from "./judge-image.ts";
import { shareWork } from "./share-work.ts";

/** An empty one would be that of everything which has none. */
const NAMESPACE = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** The door of a Kubernetes API server. Throws UsageError. */
export function openAdmission(context: CliContext, flags: ServeFlags): Door {
  const { environment, ownNamespace, foreign = [], timeout } = flags;
  if (!NAMESPACE.test(ownNamespace))
    throw new UsageError(`--own-namespace ${JSON.stringify(ownNamespace)}: expected a namespace's name`);
  if (foreign.includes(""))
    throw new UsageError("--foreign needs a prefix; an empty one is that of every image");
  const judge = shareWork(
    ({ name, digest }: DeployedArtifact) => `${name}@${digest.sha256}`,
    (artifact) => judgeImage(context, flags, artifact),
  );
  const limit = limitWork({ atOnce: 4, inLine: 64, wait: timeout * 1000 });
  const log = toDoorLog(context, "admission");
  const admission = { environment, ownNamespace, foreign, judge, limit, log };
  return {
    path: "/admit",
    route: ({ body }) => answerReview(admission, body),
    finish: async () => undefined,
  };
}
