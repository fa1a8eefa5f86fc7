// SPDX-License-Identifier: Apache-2.0
import { isSameAgent, isSameOrigin, type Origin, UNKNOWN } from "./origin.ts";

export interface OriginShare {
  readonly origin: Origin;
  /** Letters; never negative. */
  readonly weight: number;
}

/**
 * Origin of one line that was put together from parts of several. AI text joined with anybody else's is AI text that
 * was edited; of several agents the one with the largest share counts. Human with unknown is unknown.
 */
export function blendOrigins(shares: readonly OriginShare[]): Origin {
  const heavy = shares.filter(({ weight }) => weight > 0);
  const parts = heavy.length > 0 ? heavy : shares;
  const first = parts[0]?.origin ?? UNKNOWN;
  if (parts.every(({ origin }) => isSameOrigin(origin, first))) return first;
  const largestAi = findLargestAi(parts);
  if (largestAi !== undefined) {
    const isPure = parts.every(({ origin }) => origin.kind === "ai" && origin.extent === "generated");
    return { ...largestAi, extent: isPure ? "generated" : "edited" };
  }
  if (parts.some(({ origin }) => origin.kind === "unknown")) return UNKNOWN;
  return parts.reduce((best, part) => (part.weight > best.weight ? part : best)).origin;
}

type AiOrigin = Extract<Origin, { kind: "ai" }>;

function findLargestAi(parts: readonly OriginShare[]): AiOrigin | undefined {
  const sums: { origin: AiOrigin; weight: number }[] = [];
  for (const { origin, weight } of parts) {
    if (origin.kind !== "ai") continue;
    const known = sums.find((sum) => isSameAgent(sum.origin.agent, origin.agent));
    if (known === undefined) sums.push({ origin, weight });
    else known.weight += weight;
  }
  return sums.reduce<(typeof sums)[number] | undefined>(
    (best, sum) => (best === undefined || sum.weight > best.weight ? sum : best),
    undefined,
  )?.origin;
}
