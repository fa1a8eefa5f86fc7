// SPDX-License-Identifier: Apache-2.0
import { buildCommand } from "@stricli/core";
import type { BlameFlags } from "../blame/run-blame.ts";
import { type CliContext, lazily } from "../cli-context.ts";
import { COMMON_FLAGS, parseText } from "../common-flags.ts";

export const blameCommand = buildCommand<BlameFlags, [string], CliContext>({
  loader: lazily(async () => (await import("../blame/run-blame.ts")).runBlame),
  parameters: {
    flags: {
      ...COMMON_FLAGS,
      rev: {
        kind: "parsed",
        parse: parseText,
        placeholder: "REV",
        brief: "Blame the file as it is in this commit (default: the work tree)",
        optional: true,
      },
      porcelain: {
        kind: "boolean",
        brief: "Print git's line-porcelain format with `countersign-` headers added",
        default: false,
        withNegated: false,
      },
      lines: {
        kind: "parsed",
        parse: parseText,
        placeholder: "RANGE",
        brief: "Only these lines, as git blame -L takes them: 10,20 or :function; may be given again",
        variadic: true,
        optional: true,
      },
    },
    aliases: { L: "lines" },
    positional: {
      kind: "tuple",
      parameters: [{ brief: "File to look at", placeholder: "file", parse: parseText }],
    },
  },
  docs: {
    brief: "Say of every line who wrote it: git blame with origin, tool, model, extent and evidence",
    fullDescription: [
      "Like git blame, and beside commit and author the origin of each line: ai (with tool and model; `edited` where a person",
      "changed it afterwards), human, or unknown. Unknown is what nobody saw being written; it is never counted as human.",
      "",
      "Lines are found again after squashes, rebases, renames and formatter runs, from records of other commits.",
      "",
      "EXAMPLES",
      "  countersign blame src/parse.ts",
      "  countersign blame --rev v1.0 -L 10,40 src/parse.ts",
      "  countersign blame --json src/parse.ts         NDJSON, one line of the file a line",
      "  countersign blame --porcelain src/parse.ts    for editors that read git blame --line-porcelain",
    ].join("\n"),
  },
});
