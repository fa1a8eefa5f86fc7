// SPDX-License-Identifier: Apache-2.0
import { buildCommand } from "@stricli/core";
import { type CliContext, lazily } from "../cli-context.ts";
import { COMMON_FLAGS, parseText } from "../common-flags.ts";
import type { TourFlags } from "../tour/run-tour.ts";

export const tourCommand = buildCommand<TourFlags, [], CliContext>({
  loader: lazily(async () => (await import("../tour/run-tour.ts")).runTour),
  parameters: {
    flags: {
      color: COMMON_FLAGS.color,
      project: {
        kind: "parsed",
        parse: parseText,
        placeholder: "DIR",
        brief: "Also scan the history of this repository at the end",
        optional: true,
      },
      keep: {
        kind: "boolean",
        brief: "Keep the temporary repository to play with",
        default: false,
        withNegated: false,
      },
    },
  },
  docs: {
    brief: "Watch an AI-assisted change meet the gate, in a real temporary repository",
    fullDescription: [
      "Plays one story with the real commands and shows each with its real output: an AI-assisted Terraform change waits for",
      "sign-off, its author cannot give it, two seniors can, and an amended commit voids what they signed. Touches nothing of yours.",
      "",
      "EXAMPLES",
      "  countersign tour",
      "  countersign tour --keep      leave the repository behind and say where it is",
    ].join("\n"),
  },
});
