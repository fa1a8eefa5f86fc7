// SPDX-License-Identifier: Apache-2.0
import { isAgentPath, isAiIdentity } from "./identities.ts";
import { parseIdentityValue } from "./identity-value.ts";
import { findMention, readDisclosure, readProse } from "./read-prose.ts";
import type { Draft } from "./reading.ts";
import { resolveClaim, resolveClaims } from "./resolve-claim.ts";
import { findTool, GENERIC_TOOL } from "./tool-index.ts";
import type { TrailerLine } from "./trailer-line.ts";

const DENIED = /^(?:none|no|false|n\/a|user|-)$/i;
/** What the value of a tool's key or an AI key claims; empty where it names people or nothing. */
export function readClaim({ known, value }: TrailerLine): readonly Draft[] {
  const own = known.tool === null ? undefined : findTool(known.tool);
  if (value === "" || DENIED.test(value)) return [];
  switch (known.reading) {
    case "session":
      // An id or a link; a sentence after such a word is a sentence.
      return own !== undefined && !/\s/.test(value) ? [{ ...own, modelRaw: null }] : [];
    case "vendor":
      return own === undefined ? [] : [{ ...own, modelRaw: resolveClaim(value)?.modelRaw ?? null }];
    case "presence":
      return [{ tool: "unspecified", vendor: null, modelRaw: null }];
    case "agent-path":
      return isAgentPath(value) ? [{ tool: "gastown", vendor: "gastown", modelRaw: null }] : [];
    case "claim":
      return readNamed(value);
    case "ai-claim":
      return orGeneric(readNamed(value), value);
    case "ai-scope":
      return orGeneric([], "");
    case "prose":
      return readProse(value);
    case "disclosure":
      return readDisclosure(value);
    default:
      return [];
  }
}

/** An address decides by itself: a person's mailbox is a person, whatever tool's name stands before it. */
function readNamed(value: string): readonly Draft[] {
  const identity = parseIdentityValue(value);
  if (identity.email === "") return resolveClaims(value);
  const ai = isAiIdentity(identity);
  return ai === undefined ? [] : [ai];
}

/** An AI key claims whatever its value: the tool that the value is, else one that it names, else one without a name. */
function orGeneric(drafts: readonly Draft[], value: string): readonly Draft[] {
  if (drafts.some((it) => it.tool !== GENERIC_TOOL.tool)) return drafts;
  return [findMention(value) ?? { ...GENERIC_TOOL, modelRaw: null }];
}
