// SPDX-License-Identifier: Apache-2.0
import { buildCommand } from "@stricli/core";
import { type CliContext, lazily } from "../cli-context.ts";
import { COMMON_FLAGS, type CommonFlags } from "../common-flags.ts";

export const statusCommand = buildCommand<CommonFlags, [], CliContext>({
  loader: lazily(async () => (await import("../status/run-status.ts")).runStatus),
  parameters: { flags: COMMON_FLAGS },
  docs: {
    brief: "Say what is recorded and in no commit yet: whose lines, open calls, gaps, the trailers to come",
    fullDescription: [
      "Of every file that differs from HEAD: how many of its new lines an agent wrote, how many of those somebody edited since, how many",
      "a person typed, and how many nobody saw being written. Reads only, and always exits with 0.",
      "",
      "EXAMPLES",
      "  countersign status",
      "  countersign status --json     one JSON object: specs/status-record.schema.json",
    ].join("\n"),
  },
});
