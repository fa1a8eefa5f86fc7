// SPDX-License-Identifier: Apache-2.0
import type { CodeReviewPredicate } from "@countersign/core/attestation";
import { buildCommand } from "@stricli/core";
import { type CliContext, lazily } from "../cli-context.ts";
import { COMMON_FLAGS, parseText } from "../common-flags.ts";
import { CHANGE_FLAGS } from "../doors/change-flags.ts";
import type { SignOffFlags } from "../sign-off/run-sign-off.ts";

const SIGN_FLAGS = {
  key: {
    kind: "parsed",
    parse: parseText,
    placeholder: "FILE",
    brief: "SSH key: a private key's file, or the .pub of a key your agent or token holds",
  },
  reason: {
    kind: "parsed",
    parse: parseText,
    placeholder: "TEXT",
    brief: "Why; signed with the statement",
    optional: true,
  },
  expires: {
    kind: "parsed",
    parse: parseLifetime,
    placeholder: "TIME",
    brief: "How long it holds: 12h, 30d (approvals: default 30d)",
    optional: true,
  },
  push: {
    kind: "parsed",
    parse: parseText,
    placeholder: "REMOTE",
    brief: "Push the evidence to this remote at once",
    optional: true,
  },
  revokes: {
    kind: "parsed",
    parse: parseEnvelopeName,
    placeholder: "EVIDENCE",
    brief: "With revoke: the statement to withdraw (default: all of yours about this change)",
    variadic: true,
    optional: true,
  },
} as const;

function parseLifetime(text: string): number {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const seconds = { s: 1, m: 60, h: 3600, d: 86_400 }[unit ?? ""];
  if (count === undefined || seconds === undefined || Number(count) === 0)
    throw new SyntaxError(`expected a time such as 12h or 30d, got ${JSON.stringify(text)}`);
  return Number(count) * seconds;
}

function parseEnvelopeName(text: string): string {
  if (!/^[0-9a-f]{64}$/.test(text))
    throw new SyntaxError(
      `expected the full name of a piece of evidence (64 hex characters; see countersign evidence list), got ${JSON.stringify(text)}`,
    );
  return text;
}

function signOffCommand(
  decision: CodeReviewPredicate["decision"],
  brief: string,
  details: readonly string[],
) {
  return buildCommand<SignOffFlags, [], CliContext>({
    loader: lazily(async () => {
      const { runSignOff } = await import("../sign-off/run-sign-off.ts");
      return (context, flags) => runSignOff(context, flags, decision);
    }),
    parameters: { flags: { ...COMMON_FLAGS, ...CHANGE_FLAGS, ...SIGN_FLAGS } },
    docs: { brief, fullDescription: details.join("\n") },
  });
}

const EXAMPLE = "--base origin/main --head HEAD --target refs/heads/main --key ~/.ssh/id_ed25519";

export const approveCommand = signOffCommand("approve", "Sign off exactly this change", [
  "Signs that you reviewed this change: its merge base, its tree, its target and the policy in force. Who you are follows from the key.",
  "Refuses (exit code 1) where your signature could not count: your own change, no role, another's key. Nothing is recorded then.",
  "",
  "EXAMPLES",
  `  countersign approve ${EXAMPLE}`,
  `  countersign approve ${EXAMPLE} --push origin`,
]);

export const rejectCommand = signOffCommand("reject", "Say no to exactly this change", [
  "Signs that this change must not land. It stands over a rebase, until you revoke it or approve.",
  "",
  "EXAMPLES",
  `  countersign reject ${EXAMPLE} --reason "opens the bastion to the internet"`,
]);

export const revokeCommand = signOffCommand("revoke", "Withdraw what you signed about this change", [
  "Withdraws your earlier approval or rejection of this change, or one statement by its name.",
  "",
  "EXAMPLES",
  `  countersign revoke ${EXAMPLE} --reason "reviewed the wrong account"`,
]);

export const breakGlassCommand = signOffCommand(
  "override",
  "Let a change through in an emergency, on the record",
  [
    "Signs a break-glass for exactly this change. It needs a reason, the role and the number of people that the policy's",
    "breakGlass names, none of them an author; it expires, and a review must follow or the next AI-assisted change waits.",
    "",
    "EXAMPLES",
    `  countersign break-glass ${EXAMPLE} --reason "INC-42: failover to eu-west is down"`,
  ],
);
