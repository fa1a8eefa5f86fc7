// SPDX-License-Identifier: Apache-2.0

import type { Assistance, Extent } from "./assistance.ts";
import { foldText, toWords } from "./fold.ts";
import { MODEL_LIMIT, toModelName } from "./model-name.ts";
import { CLAIM_LIMIT, resolveClaim } from "./resolve-claim.ts";
import { findNamedTool, findTool } from "./tool-index.ts";

/** The value of an `AI-Assisted` trailer; see specs/ai-assisted-trailer.md §4. */
export type OwnValue =
  | { readonly kind: "none" }
  | {
      readonly kind: "claim";
      readonly claim: Omit<Assistance, "line">;
      readonly isCanonical: boolean;
      readonly problem: string | null;
    }
  /** `no`, `false`: meant as a denial but not the word that the standard gives for it; says nothing. */
  | { readonly kind: "denial" };

const TOOL = /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/;
const CANONICAL = /^([a-z0-9]+(?:-[a-z0-9]+)*)\/([!-.0-:<-~][!-:<-~]*)((?:; [a-z][a-z0-9-]*=[!-:<-~]+)*)$/;
const DENIALS = new Set(["no", "false", "never", "n/a", "na", "0", "not", "nothing", "-"]);
const EXTENTS: readonly string[] = ["generated", "edited", "advised"] satisfies readonly Extent[];
const TOOL_LIMIT = 64;

export function parseOwnValue(value: string): OwnValue {
  const text = foldText(value.slice(0, CLAIM_LIMIT)).trim();
  if (text === "none") return { kind: "none" };
  if (DENIALS.has(text)) return { kind: "denial" };
  const [target = "", ...parameters] = value.slice(0, CLAIM_LIMIT).split(";");
  const extent = readExtent(parameters);
  const slash = target.indexOf("/");
  const tool = foldText(slash < 0 ? target : target.slice(0, slash)).trim();
  const modelRaw = slash < 0 ? "" : target.slice(slash + 1).trim();
  if (slash > 0 && TOOL.test(tool) && tool.length <= TOOL_LIMIT && tool !== "none") {
    const claim = toClaim(tool, modelRaw, extent);
    const isCanonical = CANONICAL.test(value) && claim.tool === tool && modelRaw.length <= MODEL_LIMIT;
    return { kind: "claim", claim, isCanonical, problem: modelRaw === "" ? "the model is missing" : null };
  }
  return {
    kind: "claim",
    claim: guessClaim(target, extent),
    isCanonical: false,
    problem: "the value is not <tool>/<model>",
  };
}

function toClaim(written: string, modelRaw: string, extent: Extent | null): Omit<Assistance, "line"> {
  const known = findTool(written) ?? findTool(findNamedTool(toWords(written))?.tool ?? "");
  const raw = modelRaw === "" || foldText(modelRaw) === "unknown" ? null : modelRaw;
  return {
    tool: known?.tool ?? written.replace(/[._]/g, "-"),
    vendor: known?.vendor ?? null,
    model: raw === null ? null : toModelName(raw),
    modelRaw: raw,
    extent,
    convention: "ai-assisted",
    evidence: "declared",
  };
}

/** The key claims AI whatever the value says: an unreadable value is an unnamed AI, never nothing. */
function guessClaim(target: string, extent: Extent | null): Omit<Assistance, "line"> {
  const found = resolveClaim(target);
  const modelRaw = found?.modelRaw ?? null;
  return {
    tool: found?.tool ?? "ai",
    vendor: found?.vendor ?? null,
    model: modelRaw === null ? null : toModelName(modelRaw),
    modelRaw,
    extent,
    convention: "ai-assisted",
    evidence: "declared",
  };
}

function readExtent(parameters: readonly string[]): Extent | null {
  for (const parameter of parameters.slice(0, 16)) {
    const [key = "", value = ""] = foldText(parameter).split("=");
    if (key.trim() === "extent" && EXTENTS.includes(value.trim())) return value.trim() as Extent;
  }
  return null;
}
