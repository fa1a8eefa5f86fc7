// SPDX-License-Identifier: Apache-2.0
import { buildCommand, numberParser } from "@stricli/core";
import { type CliContext, lazily } from "../cli-context.ts";
import { COMMON_FLAGS, parseText } from "../common-flags.ts";
import { TRUST_FLAGS } from "../ledger/ledger-flags.ts";
import type { ReportFlags } from "../report/run-report.ts";

const text = { kind: "parsed", parse: parseText, optional: true } as const;

export const reportCommand = buildCommand<ReportFlags, [string?], CliContext>({
  loader: lazily(async () => (await import("../report/run-report.ts")).runReport),
  parameters: {
    flags: {
      ...COMMON_FLAGS,
      base: { ...text, placeholder: "B", brief: "Where the range begins; default: with the first commit" },
      head: { ...text, placeholder: "H", brief: "Where the range ends; default: the tip of the target" },
      target: {
        ...text,
        placeholder: "REF",
        brief: "Full name of the branch that it landed on; default: the branch of HEAD",
      },
      format: {
        kind: "enum",
        values: ["terminal", "markdown", "json", "csv", "html"],
        brief: "What to print on stdout (default terminal; --json is short for json)",
        optional: true,
      },
      write: {
        ...text,
        variadic: true,
        placeholder: "FORMAT=FILE",
        brief: "Also write the report to a file; may be given again",
      },
      environment: {
        ...text,
        placeholder: "NAME",
        brief: "What was delivered there, as its pipeline signed it (default production with --incident)",
      },
      from: { ...text, placeholder: "TIME", brief: "With --environment: since this time" },
      to: { ...text, placeholder: "TIME", brief: "With --environment: before this time" },
      incident: {
        ...text,
        placeholder: "TIME",
        brief: "What was delivered in the time before something went wrong",
      },
      window: { ...text, placeholder: "SPAN", brief: "How long before the incident (default 24h)" },
      bundle: {
        ...text,
        placeholder: "FILE",
        brief:
          "Also write statements, proofs, checkpoint and keys to one file that ledger verify --bundle checks",
      },
      all: {
        kind: "boolean",
        brief: "In the terminal and in Markdown: every AI-assisted change, instead of the newest",
        default: false,
        withNegated: false,
      },
      pseudonymous: {
        kind: "boolean",
        brief: "Call people person-1 and so on; proofs still check",
        default: false,
        withNegated: false,
      },
      ledger: {
        ...text,
        placeholder: "DIR",
        brief: "Folder of the log (default: inside the Git directory, where there is one)",
      },
      ...TRUST_FLAGS,
      quorum: {
        kind: "parsed",
        parse: numberParser,
        placeholder: "N",
        brief: "How many of the witnesses must have cosigned (default: all that are named)",
        optional: true,
      },
      depth: {
        kind: "parsed",
        parse: numberParser,
        placeholder: "N",
        brief: "Folders of a path that count as one part of the project (default 1)",
        optional: true,
      },
      blameSeconds: {
        kind: "parsed",
        parse: numberParser,
        placeholder: "S",
        brief: "Time for looking what is left of AI lines today (default 20; 0 for none)",
        optional: true,
      },
    },
    positional: {
      kind: "tuple",
      parameters: [
        {
          brief: "What shipped: two tags or commits as A..B",
          placeholder: "range",
          parse: parseText,
          optional: true,
        },
      ],
    },
  },
  docs: {
    brief: "How much of what shipped was written by an AI, and who reviewed it",
    fullDescription: [
      "Goes through everything that landed on a branch between two points, asks the gate's own evaluation about each change under the policy",
      "that was in force when it landed, and says what share an AI had, which tools and models, who signed, and above all what is missing.",
      "Never changes anything. Exit code 0: the report was made, whatever it says; 2 usage, 3 could not tell.",
      "",
      "EXAMPLES",
      "  countersign report v1.0..v2.0",
      "  countersign report --base v1.0 --head v2.0 --target refs/heads/main --write html=report.html --write csv=report.csv",
      "  countersign report --incident 2026-03-04T08:15:00Z --window 24h --environment production",
      "  countersign report --environment production --from 2026-01-01 --to 2026-04-01 --bundle quarter.json",
      "  countersign report --json > report.json",
    ].join("\n"),
  },
});
