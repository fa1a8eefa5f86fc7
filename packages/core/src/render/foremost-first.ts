// SPDX-License-Identifier: Apache-2.0
import type { ImpactResource } from "../infrastructure/index.ts";

/** As many as a person reads before signing. */
export const MOST_RESOURCES = 10;

/** The resources to look at first: dangerous ones, then those that an AI wrote lines of. */
export function foremostFirst(resources: readonly ImpactResource[]): {
  readonly shown: readonly ImpactResource[];
  readonly rest: number;
} {
  const weight = ({ dangers, ai }: ImpactResource) => (dangers.length > 0 ? 2 : 0) + (ai.lines > 0 ? 1 : 0);
  const sorted = resources.toSorted((a, b) => weight(b) - weight(a));
  return { shown: sorted.slice(0, MOST_RESOURCES), rest: Math.max(0, sorted.length - MOST_RESOURCES) };
}
