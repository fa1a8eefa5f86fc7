// SPDX-License-Identifier: Apache-2.0
import { policyJsonSchema } from "@countersign/core/policy";
import type { CliContext } from "../cli-context.ts";
import type { CommonFlags } from "../common-flags.ts";
import type { ExitCode } from "../exit-code.ts";

export async function runPolicySchema(context: CliContext, _flags: CommonFlags): Promise<ExitCode> {
  await context.output.write(`${JSON.stringify(policyJsonSchema(), null, 2)}\n`);
  return 0;
}
