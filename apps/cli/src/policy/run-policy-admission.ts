// SPDX-License-Identifier: Apache-2.0
import { formatNativeAdmission, type NativeAdmission, toNativeAdmission } from "@countersign/core/admission";
import { CoreError } from "@countersign/core/ids";
import { type Policy, parsePolicy } from "@countersign/core/policy";
import { formatSafeJson } from "@countersign/core/render";
import type { CliContext } from "../cli-context.ts";
import type { CommonFlags } from "../common-flags.ts";
import { type ExitCode, UsageError } from "../exit-code.ts";
import { readPolicyFile } from "./read-policy-file.ts";

export type PolicyAdmissionFlags = CommonFlags & {
  readonly name: string;
  readonly registry?: readonly string[];
  readonly foreign?: readonly string[];
  readonly annotation?: string;
  readonly approved?: string;
  readonly ownNamespace: string;
  readonly exclude?: readonly string[];
  readonly besideWebhook: boolean;
};

/** `countersign policy admission`: what an API server can decide by itself, and never a policy that only looks like the whole. */
export async function runPolicyAdmission(
  context: CliContext,
  flags: PolicyAdmissionFlags,
  file?: string,
): Promise<ExitCode> {
  const source = await readPolicyFile(context, flags, file);
  const native = build(parsePolicy(source.bytes, source.name), flags);
  const decidedBy = toDecider(native, flags);
  await context.output.write(
    flags.json ? `${formatSafeJson(native)}\n` : formatNativeAdmission(native, decidedBy),
  );
  return 0;
}

function build(policy: Policy, flags: PolicyAdmissionFlags): NativeAdmission {
  try {
    return toNativeAdmission(policy, {
      name: flags.name,
      registries: flags.registry ?? [],
      foreign: flags.foreign ?? [],
      annotation: flags.annotation ?? null,
      approved: flags.approved ?? null,
      ownNamespace: flags.ownNamespace,
      excluded: flags.exclude ?? [],
    });
  } catch (error) {
    throw error instanceof CoreError ? new UsageError(error.message, { cause: error }) : error;
  }
}

/** Throws UsageError where nobody would decide the rest: an annotation, which anybody may set, decides nothing. */
function toDecider(
  { undecided }: NativeAdmission,
  { besideWebhook, approved, ownNamespace }: PolicyAdmissionFlags,
): string {
  if (besideWebhook) return "the webhook (countersign serve --admission), which has to stand beside this";
  if (approved !== undefined)
    return `whoever writes ConfigMap ${ownNamespace}/${approved} after deploy check said yes`;
  const rules = undecided.map(({ rule, reason }) => `  ${rule}: ${reason}`);
  throw new UsageError(
    [
      "an API server cannot decide this policy by itself:",
      ...rules,
      "expected --beside-webhook, where countersign serve --admission decides the rest, or --approved CONFIGMAP, a list of digests that the deployment step writes after countersign deploy check",
    ].join("\n"),
  );
}
