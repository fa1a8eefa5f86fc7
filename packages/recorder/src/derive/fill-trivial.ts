// SPDX-License-Identifier: Apache-2.0
import { isSignificant } from "@countersign/core/attribution";
import { type CandidateFile, weaken } from "./candidate-file.ts";
import { type DerivationDraft, isOpen, takeLine } from "./derivation-draft.ts";
import { printLine } from "./print-line.ts";

/** Lines away that a trivial line still belongs to its neighbour. */
const REACH = 5;

/**
 * Gives a `}` back to the block that it closes where a later commit changed the line before it: no run holds it any more, yet the record
 * of its neighbour has it in the same place. Nothing between the two may be of unknown origin.
 */
export function fillTrivial(draft: DerivationDraft): void {
  const { lines } = draft.target;
  for (const [index, line] of lines.entries()) {
    if (!isOpen(draft, index) || isSignificant(line)) continue;
    const print = printLine(line);
    for (const step of [-1, 1]) fillFrom(draft, { index, print, step });
  }
}

interface Place {
  readonly index: number;
  readonly print: string;
  /** -1 upwards, 1 downwards. */
  readonly step: number;
}

function fillFrom(draft: DerivationDraft, { index, print, step }: Place): void {
  for (let distance = 1; distance <= REACH; distance++) {
    const neighbour = index + step * distance;
    const line = draft.target.lines[neighbour];
    if (line === undefined || draft.origins[neighbour]?.kind === "unknown") return;
    const lender = draft.lentBy[neighbour];
    if (lender === undefined || !isSignificant(line)) continue;
    const origin = findBeside(lender, printLine(line), print, -step * distance);
    if (origin !== undefined) takeLine(draft, index, weaken(origin, "derived"), lender);
  }
}

/** The origin of the line that stands so many lines from a known one, if all between were recorded too. */
function findBeside(file: CandidateFile, known: string, wanted: string, offset: number) {
  const lines = toLines(file);
  for (const [number, { print }] of lines) {
    if (print !== known) continue;
    const beside = lines.get(number + offset);
    const step = Math.sign(offset);
    let isWhole = beside?.print === wanted;
    for (let at = number + step; isWhole && at !== number + offset; at += step) isWhole = lines.has(at);
    if (isWhole) return beside?.origin;
  }
  return undefined;
}

type RecordedLines = ReadonlyMap<
  number,
  { readonly print: string; readonly origin: CandidateFile["ranges"][number]["origin"] }
>;

const LINES = new WeakMap<CandidateFile, RecordedLines>();

function toLines(file: CandidateFile): RecordedLines {
  const known = LINES.get(file);
  if (known !== undefined) return known;
  const lines = new Map(
    file.ranges.flatMap(({ first, origin, fingerprints }) =>
      fingerprints.map((print, i) => [first + i, { print, origin }] as const),
    ),
  );
  LINES.set(file, lines);
  return lines;
}
