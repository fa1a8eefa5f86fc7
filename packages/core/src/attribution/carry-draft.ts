// SPDX-License-Identifier: Apache-2.0
import type { AttributedText } from "./attributed-text.ts";
import { blendOrigins } from "./blend-origins.ts";
import { type Origin, UNKNOWN } from "./origin.ts";
import { NONE } from "./pairing.ts";
import type { SettledLines } from "./settle-lines.ts";

/** Origins as far as they are found. Lives within one call of `carry`, which is the only one to see it change. */
export interface CarryDraft {
  readonly old: AttributedText;
  readonly lines: readonly string[];
  /** Undefined: the writer's, unless a later step finds the line. */
  readonly origins: (Origin | undefined)[];
  /** 1 for old lines that stand in the new text in some form. */
  readonly isUsed: Uint8Array;
  /** 1 for new lines that are an old line in its own words. */
  readonly isSettled: Uint8Array;
  /** The old line that a new one is a changed form of, or {@link NONE}. */
  readonly editedFrom: Int32Array;
  /** 1 where that one was broken, and the new line says nothing else. */
  readonly isPiece: Uint8Array;
}

export function startDraft(old: AttributedText, lines: readonly string[], settled: SettledLines): CarryDraft {
  const draft: CarryDraft = {
    old,
    lines,
    origins: new Array<Origin | undefined>(lines.length).fill(undefined),
    isUsed: new Uint8Array(old.lines.length),
    isSettled: new Uint8Array(lines.length),
    editedFrom: new Int32Array(lines.length).fill(NONE),
    isPiece: new Uint8Array(lines.length),
  };
  for (let b = 0; b < lines.length; b++) {
    const a = settled.pairing[b] as number;
    if (a !== NONE) keepLine(draft, a, b);
  }
  for (const reflow of settled.reflows) {
    draft.isUsed.fill(1, reflow.aStart, reflow.aEnd);
    draft.isSettled.fill(1, reflow.bStart, reflow.bEnd);
    for (const [index, share] of reflow.shares.entries()) {
      const shares = [...share].map(([a, weight]) => ({ origin: originOf(draft, a), weight }));
      draft.origins[reflow.bStart + index] = blendOrigins(shares);
    }
  }
  return draft;
}

/** Nobody saw the line being written, or only somebody who changed such a line. */
export function isInDoubt(origin: Origin): boolean {
  return origin.kind === "unknown" || (origin.kind === "human" && origin.evidence === "inferred");
}

export function originOf(draft: CarryDraft, a: number): Origin {
  return draft.old.origins[a] ?? UNKNOWN;
}

export function keepLine(draft: CarryDraft, a: number, b: number): void {
  draft.origins[b] = originOf(draft, a);
  draft.isUsed[a] = 1;
  draft.isSettled[b] = 1;
}

export function releaseLine(draft: CarryDraft, b: number): void {
  draft.origins[b] = undefined;
  draft.isSettled[b] = 0;
}

/** An AI's words or somebody else's: nobody can say whose. */
export function doubtLine(draft: CarryDraft, b: number): void {
  draft.origins[b] = UNKNOWN;
  draft.isSettled[b] = 1;
}
