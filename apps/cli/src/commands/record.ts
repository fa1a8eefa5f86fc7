// SPDX-License-Identifier: Apache-2.0
import { buildCommand } from "@stricli/core";
import { type CliContext, lazily } from "../cli-context.ts";
import { parseText } from "../common-flags.ts";

export const recordCommand = buildCommand<Record<never, never>, [string], CliContext>({
  loader: lazily(async () => {
    const { record } = await import("../record/record.ts");
    return async (_context, _flags, tool: string) => {
      await record(tool);
      return 0;
    };
  }),
  parameters: {
    flags: {},
    positional: {
      kind: "tuple",
      parameters: [
        { brief: "Name of the agent, such as claude-code", placeholder: "agent", parse: parseText },
      ],
    },
  },
  docs: {
    brief: "What agents' hooks call: keeps one event, its payload on standard input",
    fullDescription: [
      "Always exits with 0 and prints nothing, so that no agent is ever held up; what could not be kept is written down in",
      "the repository and shown by `countersign doctor`. `countersign init` installs the hooks, with a smaller and faster",
      "program of the same kind, dist/countersign-record.mjs. Contents stay inside the repository's own Git directory;",
      "prompts, commands and the environment are never kept.",
      "",
      'Example: echo \'{"type":"human","repo_working_dir":".","will_edit_filepaths":["a.ts"]}\' | countersign record agent-v1',
    ].join("\n"),
  },
});
