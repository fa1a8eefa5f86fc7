// SPDX-License-Identifier: Apache-2.0
import { CoreError } from "../ids/index.ts";
import type { Assistance } from "./assistance.ts";
import type { Emission } from "./emission.ts";
import { resolveClaim } from "./resolve-claim.ts";
import { findTool } from "./tool-index.ts";

/** What a trailer can carry of an assistance. */
export type TrailerClaim = Pick<Assistance, "tool" | "model" | "extent">;

const TOOL = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const MODEL = /^[a-z0-9][a-z0-9.-]{0,127}$/;

/**
 * The trailer line for one claim, without line end; null where the project writes none. A convention that cannot
 * carry the claim, such as a co-author for a tool without a mailbox, falls back to `AI-Assisted` rather than lose it.
 */
export function formatAssistanceTrailer(claim: TrailerClaim, emission: Emission): string | null {
  if (!TOOL.test(claim.tool) || (claim.model !== null && !MODEL.test(claim.model))) {
    throw new CoreError(
      "TRAILER_MALFORMED",
      `Cannot write a trailer for tool "${clip(claim.tool)}" and model "${clip(claim.model ?? "")}": expected names in lower case such as "claude-code" and "claude-opus-4-8".`,
    );
  }
  switch (emission) {
    case "none":
      return null;
    case "ai-assisted":
      return formatOwn(claim);
    case "assisted-by":
      return formatValue(claim, "Assisted-by") ?? formatOwn(claim);
    case "generated-by":
      return formatValue(claim, "Generated-by") ?? formatOwn(claim);
    case "co-authored-by":
      return formatCoAuthor(claim) ?? formatOwn(claim);
  }
}

function formatOwn({ tool, model, extent }: TrailerClaim): string {
  return `AI-Assisted: ${tool}/${model ?? "unknown"}${extent === null ? "" : `; extent=${extent}`}`;
}

/** The kernel's `AGENT:MODEL`; undefined unless a reader finds the same tool and model in it. */
function formatValue({ tool, model }: TrailerClaim, key: string): string | undefined {
  if (tool === "ai") return `${key}: AI`;
  const value = model === null ? tool : `${tool}:${model}`;
  const read = resolveClaim(value);
  return read?.tool === tool && (read.modelRaw === null) === (model === null)
    ? `${key}: ${value}`
    : undefined;
}

function formatCoAuthor({ tool, model }: TrailerClaim): string | undefined {
  const markers = findTool(tool)?.markers ?? [];
  const email = markers.find(([kind]) => kind === "email")?.[1];
  const slug = markers.find(([kind]) => kind === "app-slug")?.[1];
  const address = email ?? (slug === undefined ? undefined : `${slug}@users.noreply.github.com`);
  return address === undefined
    ? undefined
    : `Co-authored-by: ${tool}${model === null ? "" : ` (${model})`} <${address}>`;
}

function clip(text: string): string {
  return text.replace(/[^\x20-\x7E]/g, "?").slice(0, 40);
}
