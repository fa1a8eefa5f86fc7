// SPDX-License-Identifier: Apache-2.0
import { buildCommand, numberParser } from "@stricli/core";
import { type CliContext, lazily } from "../cli-context.ts";
import { COMMON_FLAGS, parseText } from "../common-flags.ts";
import type { ScanFlags } from "../scan/run-scan.ts";

export const scanCommand = buildCommand<ScanFlags, [string?], CliContext>({
  loader: lazily(async () => (await import("../scan/run-scan.ts")).runScan),
  parameters: {
    flags: {
      ...COMMON_FLAGS,
      all: {
        kind: "boolean",
        brief: "Every branch and tag, not only HEAD",
        default: false,
        withNegated: false,
      },
      summary: { kind: "boolean", brief: "Only the summary", default: false, withNegated: false },
      limit: {
        kind: "parsed",
        parse: numberParser,
        placeholder: "N",
        brief: "At most N commits",
        optional: true,
      },
    },
    positional: {
      kind: "tuple",
      parameters: [
        {
          brief: "Commits to scan: A..B, a revision, or nothing for HEAD",
          placeholder: "range",
          parse: parseText,
          optional: true,
        },
      ],
    },
  },
  docs: {
    brief: "Say of every commit whether an AI helped, which one, and how that is known",
    fullDescription: [
      "Reads messages and identities of every commit in the range and prints one row (or one line of JSON) for each:",
      "its state, the tools and models it names, and what should be mended. Never changes anything.",
      "",
      "States: recorded, declared, signalled (signs of AI, nothing declared), cleared, unknown. Unknown is never human.",
      "",
      "EXAMPLES",
      "  countersign scan                         all history of HEAD, as a table with a summary",
      "  countersign scan origin/main..HEAD       what this branch adds",
      "  countersign scan --all --summary         shares by state, tool, model and month",
      "  countersign scan --json v1.0..v2.0       NDJSON, one commit a line",
    ].join("\n"),
  },
});
