// SPDX-License-Identifier: Apache-2.0
import type { AgentRef, Origin } from "@countersign/core/attribution";
import type { AgentLines, OpenCall, StatusFile, StatusRecord } from "@countersign/core/render";
import {
  type Emission,
  formatAssistanceTrailer,
  type TrailerClaim,
  toModelName,
} from "@countersign/core/trailers";
import type { PendingFile, PendingWork } from "@countersign/recorder";

const REASONS = {
  "too-large": "larger than 8 MiB",
  "not-a-file": "no regular file",
  unreadable: "it cannot be read",
  binary: "no text",
  "content-missing": "what HEAD has there cannot be read",
} as const;

export function toStatusRecord(
  work: PendingWork,
  activeSince: number | null,
  emission: Emission,
): StatusRecord {
  return {
    version: 1,
    activeSince,
    files: work.files.map(toStatusFile),
    uncounted: work.uncounted,
    openCalls: work.open.map(toOpenCall),
    gaps: work.gaps.map(({ code, message, at }) => ({ code, message, at })),
    trailers: toTrailers(work.files, emission),
  };
}

function toStatusFile({ path, added, reason, removed }: PendingFile): StatusFile {
  const origins = added ?? [];
  const count = (kind: Origin["kind"]) => origins.filter((origin) => origin.kind === kind).length;
  const uncountedBecause = reason === null ? null : REASONS[reason];
  return {
    path,
    ai: countAgents(origins),
    human: count("human"),
    unknown: count("unknown"),
    removed,
    uncountedBecause,
  };
}

function countAgents(origins: readonly Origin[]): readonly AgentLines[] {
  const rows = new Map<string, AgentLines>();
  for (const origin of origins) {
    if (origin.kind !== "ai") continue;
    const { tool, model } = named(origin.agent);
    const row = rows.get(`${tool}/${model}`) ?? { tool, model, generated: 0, edited: 0 };
    rows.set(`${tool}/${model}`, { ...row, [origin.extent]: row[origin.extent] + 1 });
  }
  return [...rows.values()];
}

function named({ tool, model }: AgentRef): { readonly tool: string; readonly model: string | null } {
  return { tool, model: model === null ? null : toModelName(model) };
}

function toOpenCall({ tool, model, action, at, files }: PendingWork["open"][number]): OpenCall {
  return { ...named({ tool, model, session: "" }), action, since: at, files: files.map(({ path }) => path) };
}

/** One for each tool and model, `edited` only where nothing of it is left as it was generated. */
function toTrailers(files: readonly PendingFile[], emission: Emission): readonly string[] {
  const agents = new Map<string, AgentLines>();
  for (const row of files.flatMap(({ added }) => countAgents(added ?? []))) {
    const key = `${row.tool}/${row.model}`;
    const known = agents.get(key) ?? { ...row, generated: 0, edited: 0 };
    const [generated, edited] = [known.generated + row.generated, known.edited + row.edited];
    agents.set(key, { ...row, generated, edited });
  }
  for (const agent of files.flatMap(({ touched }) => touched)) {
    const name = named(agent);
    const key = `${name.tool}/${name.model}`;
    if (!agents.has(key)) agents.set(key, { ...name, generated: 0, edited: 0 });
  }
  return [...agents.values()].flatMap(({ tool, model, generated, edited }) => {
    const extent = edited > 0 && generated === 0 ? "edited" : null;
    return toTrailer({ tool, model, extent }, emission) ?? [];
  });
}

/** A model's name that no trailer can hold costs the name, not the trailer. */
function toTrailer(claim: TrailerClaim, emission: Emission): string | null {
  try {
    return formatAssistanceTrailer(claim, emission);
  } catch (error) {
    if (claim.model === null) throw error;
    return toTrailer({ ...claim, model: null }, emission);
  }
}
