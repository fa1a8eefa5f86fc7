// SPDX-License-Identifier: Apache-2.0
import { parseText } from "../common-flags.ts";

const text = { kind: "parsed", parse: parseText, optional: true } as const;

/** How every command about a saved plan is told where it was made and whose word counts. */
export type PlanFlags = {
  readonly planRoot?: string;
  readonly trustModule?: readonly string[];
  readonly trustFile?: readonly string[];
};

export const PLAN_FLAGS = {
  planRoot: {
    ...text,
    placeholder: "DIR",
    brief: "Folder of the repository that was planned (default: where you stand in it, or its -chdir)",
  },
  trustModule: {
    ...text,
    variadic: true,
    placeholder: "SOURCE",
    brief:
      "Source of a module that is in no commit here and is taken as it is; * at the end: all that begin so",
  },
  trustFile: {
    ...text,
    variadic: true,
    placeholder: "NAME",
    brief:
      "File of the planned folder that a tool generates and no commit has, such as backend.tf; taken as it is",
  },
} as const;

/** Whose word counts, as the comparison takes it. */
export function toTrust({ trustModule = [], trustFile = [] }: PlanFlags) {
  return { trusted: trustModule, generated: trustFile };
}
