// SPDX-License-Identifier: Apache-2.0
import { buildCommand } from "@stricli/core";
import { type CliContext, lazily } from "../cli-context.ts";
import { COMMON_FLAGS, parseText } from "../common-flags.ts";
import type { DeclareFlags } from "../sign-off/run-declare.ts";

const text = { kind: "parsed", parse: parseText } as const;

export const declareCommand = buildCommand<DeclareFlags, [], CliContext>({
  loader: lazily(async () => (await import("../sign-off/run-declare.ts")).runDeclare),
  parameters: {
    flags: {
      ...COMMON_FLAGS,
      commit: { ...text, placeholder: "C", brief: "The commit that did not say so" },
      tool: { ...text, placeholder: "TOOL", brief: "Which tool helped, such as claude-code" },
      model: { ...text, placeholder: "MODEL", brief: "Its model, such as claude-opus-4-8", optional: true },
      extent: {
        kind: "enum",
        values: ["generated", "edited", "advised"],
        brief: "AI text as written, AI text that a person changed, or a person's text on AI advice",
        optional: true,
      },
      reason: { ...text, placeholder: "TEXT", brief: "How it is known; signed with the label" },
      key: { ...text, placeholder: "FILE", brief: "SSH key of a person in the policy" },
      push: {
        ...text,
        placeholder: "REMOTE",
        brief: "Push the evidence to this remote at once",
        optional: true,
      },
    },
  },
  docs: {
    brief: "Label a commit as AI-assisted after the fact; only ever adds",
    fullDescription: [
      "Signs that an AI helped with a commit that does not say so. The commit stays as it is; the gate treats it as AI-assisted from now on.",
      "There is no way to say the opposite.",
      "",
      "EXAMPLES",
      '  countersign declare --commit 5f2c1d0 --tool claude-code --reason "found in the session log" --key ~/.ssh/id_ed25519',
    ].join("\n"),
  },
});
