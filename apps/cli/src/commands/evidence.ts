// SPDX-License-Identifier: Apache-2.0
import { buildCommand, buildRouteMap } from "@stricli/core";
import { type CliContext, lazily } from "../cli-context.ts";
import { COMMON_FLAGS, type CommonFlags, parseText } from "../common-flags.ts";
import type { EvidenceListFlags } from "../evidence/run-evidence-list.ts";

const optionalText = { kind: "parsed", parse: parseText, optional: true } as const;
const REMOTE = {
  kind: "tuple",
  parameters: [{ brief: "Remote (default origin)", placeholder: "remote", parse: parseText, optional: true }],
} as const;

const listCommand = buildCommand<EvidenceListFlags, [], CliContext>({
  loader: lazily(async () => (await import("../evidence/run-evidence-list.ts")).runEvidenceList),
  parameters: {
    flags: {
      ...COMMON_FLAGS,
      base: {
        ...optionalText,
        placeholder: "B",
        brief: "With --target: say what each statement is worth for a change",
      },
      head: { ...optionalText, placeholder: "H", brief: "Tip of that change (default HEAD)" },
      target: { ...optionalText, placeholder: "REF", brief: "Its target, such as refs/heads/main" },
    },
  },
  docs: {
    brief: "List every statement: who, what, about which change, and whether its signature holds",
    fullDescription: [
      "Names come from the policy at HEAD. With a change, each statement's worth for it is added.",
      "Exit code 3 where evidence is damaged or missing: what it said is not known.",
      "",
      "EXAMPLES",
      "  countersign evidence list",
      "  countersign evidence list --base origin/main --head HEAD --target refs/heads/main",
    ].join("\n"),
  },
});

const showCommand = buildCommand<CommonFlags, [string], CliContext>({
  loader: lazily(async () => (await import("../evidence/run-evidence-show.ts")).runEvidenceShow),
  parameters: {
    flags: COMMON_FLAGS,
    positional: {
      kind: "tuple",
      parameters: [
        { brief: "Name of the evidence, or its first 8 characters", placeholder: "name", parse: parseText },
      ],
    },
  },
  docs: { brief: "Show one statement whole, and what its signature proves" },
});

const fetchCommand = buildCommand<CommonFlags, [string?], CliContext>({
  loader: lazily(async () => (await import("../evidence/run-evidence-sync.ts")).runEvidenceFetch),
  parameters: { flags: COMMON_FLAGS, positional: REMOTE },
  docs: {
    brief: "Fetch a remote's evidence and unite it with what is here; the mirror of its ledger comes along",
  },
});

const pushCommand = buildCommand<CommonFlags, [string?], CliContext>({
  loader: lazily(async () => (await import("../evidence/run-evidence-sync.ts")).runEvidencePush),
  parameters: { flags: COMMON_FLAGS, positional: REMOTE },
  docs: {
    brief:
      "Unite with a remote's evidence and push the union, records, notes and the ledger's mirror too; never forces",
  },
});

const importCommand = buildCommand<CommonFlags, string[], CliContext>({
  loader: lazily(async () => (await import("../evidence/run-evidence-import.ts")).runEvidenceImport),
  parameters: {
    flags: COMMON_FLAGS,
    positional: {
      kind: "array",
      parameter: { brief: "Files, one envelope each", placeholder: "file", parse: parseText },
    },
  },
  docs: { brief: "Take in envelopes that were made elsewhere" },
});

export const evidenceRoutes = buildRouteMap<string, CliContext>({
  routes: {
    list: listCommand,
    show: showCommand,
    fetch: fetchCommand,
    push: pushCommand,
    import: importCommand,
  },
  docs: { brief: "The signed statements in refs/countersign/evidence" },
});
