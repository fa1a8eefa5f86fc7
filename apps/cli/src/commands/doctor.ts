// SPDX-License-Identifier: Apache-2.0
import { buildCommand } from "@stricli/core";
import { type CliContext, lazily } from "../cli-context.ts";
import { COMMON_FLAGS, type CommonFlags } from "../common-flags.ts";

export const doctorCommand = buildCommand<CommonFlags, [], CliContext>({
  loader: lazily(async () => (await import("../doctor/run-doctor.ts")).runDoctor),
  parameters: { flags: COMMON_FLAGS },
  docs: {
    brief: "Check whether everything that records really works, and say how to mend what does not",
    fullDescription: [
      "Looks at the program, Git's hooks in the folder that Git really uses, the recorder's files, the hooks of every agent found here, and",
      "what is shared with remotes. Changes nothing and asks no network.",
      "",
      "Exit codes: 0 everything works (there may be warnings) · 1 something does not work · 3 could not tell.",
      "",
      "EXAMPLES",
      "  countersign doctor",
      "  countersign doctor --json     one JSON object: specs/doctor-report.schema.json",
    ].join("\n"),
  },
});
