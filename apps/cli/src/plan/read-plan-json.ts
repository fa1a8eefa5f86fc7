// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { LARGEST_PLAN, type Plan, parsePlan } from "@countersign/core/infrastructure";
import { displayText } from "@countersign/core/render";
import { UsageError } from "../exit-code.ts";
import { namePlanFile } from "./name-plan-file.ts";

/** What a tool printed about a plan. Nothing in it says which plan that is. */
export interface PlanJson {
  readonly plan: Plan;
  readonly text: string;
  readonly sha256: string;
}

/** Reads `terraform show -json` or `pulumi preview --json` from a file or a pipe. Throws UsageError. */
export async function readPlanJson(file: string): Promise<PlanJson> {
  const shown = `--plan ${displayText(file, 500)}`;
  const bytes = await readFile(file).catch((cause: NodeJS.ErrnoException) => {
    const expected = "expected what terraform show -json prints";
    throw new UsageError(`${shown} cannot be read (${cause.code}); ${expected}`, { cause });
  });
  if (bytes.length > LARGEST_PLAN)
    throw new UsageError(`${shown} has ${bytes.length} bytes; at most ${LARGEST_PLAN} are read`);
  if (namePlanFile(bytes) === "saved plan")
    throw new UsageError(
      `${shown} is a saved plan and no JSON; give it as --plan-file, and what it does is read from it`,
    );
  const text = bytes.toString("utf8");
  const plan = parsePlan(text);
  if (plan !== undefined) return { plan, text, sha256: createHash("sha256").update(bytes).digest("hex") };
  throw new UsageError(
    `${shown} is no plan; expected the JSON of \`terraform show -json plan.tfplan\` or \`pulumi preview --json\``,
  );
}
