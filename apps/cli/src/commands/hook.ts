// SPDX-License-Identifier: Apache-2.0
import { buildCommand, buildRouteMap } from "@stricli/core";
import { type CliContext, lazily } from "../cli-context.ts";
import { parseText } from "../common-flags.ts";

const preReceiveCommand = buildCommand<Record<never, never>, [], CliContext>({
  loader: lazily(async () => (await import("../hooks/run-pre-receive.ts")).runPreReceive),
  parameters: { flags: {} },
  docs: {
    brief: "Git's pre-receive hook: judges a push before any ref moves; refuses what it cannot judge",
    fullDescription: [
      "Reads Git's lines from standard input, in the folder and environment of the hook. Settings of the server's repository:",
      "countersign.preReceive = enforce (default) | off, countersign.timeout = seconds (default 60).",
    ].join("\n"),
  },
});

const postReceiveCommand = buildCommand<Record<never, never>, [], CliContext>({
  loader: lazily(async () => (await import("../hooks/run-post-receive.ts")).runPostReceive),
  parameters: { flags: {} },
  docs: {
    brief: "Git's post-receive hook: records who pushed which version of a branch",
    fullDescription: [
      "Writes refs/countersign/pushes, and keeps what force-pushes take away under refs/countersign/versions.",
      "Setting: countersign.postReceive = record (default) | off.",
    ].join("\n"),
  },
});

const commitMsgCommand = buildCommand<Record<never, never>, [string], CliContext>({
  loader: lazily(async () => (await import("../hooks/run-commit-msg.ts")).runCommitMsg),
  parameters: {
    flags: {},
    positional: {
      kind: "tuple",
      parameters: [{ brief: "File that holds the message", placeholder: "file", parse: parseText }],
    },
  },
  docs: {
    brief: "Git's commit-msg hook: looks at AI attribution as it is written and offers the canonical form",
    fullDescription: "Setting: countersign.commitMsg = warn (default) | fix | block | off.",
  },
});

const prePushCommand = buildCommand<Record<never, never>, [string?, string?], CliContext>({
  loader: lazily(async () => (await import("../hooks/run-pre-push.ts")).runPrePush),
  parameters: {
    flags: {},
    positional: {
      kind: "tuple",
      parameters: [
        { brief: "Name of the remote", placeholder: "remote", parse: parseText, optional: true },
        { brief: "Its URL", placeholder: "url", parse: parseText, optional: true },
      ],
    },
  },
  docs: {
    brief: "Git's pre-push hook: says what the gate would say, and takes new evidence along",
    fullDescription:
      "Settings: countersign.prePush = advise (default) | block | off; countersign.pushEvidence = true (default) | false.",
  },
});

export const hookRoutes = buildRouteMap<string, CliContext>({
  routes: {
    "commit-msg": commitMsgCommand,
    "pre-push": prePushCommand,
    "pre-receive": preReceiveCommand,
    "post-receive": postReceiveCommand,
  },
  docs: { brief: "What Git's hooks call; `countersign hooks install` sets them up" },
});
