// SPDX-License-Identifier: Apache-2.0
import type { ObjectId } from "@countersign/core/ids";
import type { CommitLink } from "@countersign/git";
import type { PackedGraph } from "./packed-graph.ts";

/** The first-parent line up to a head, oldest first, as far as a graph reaches. */
export interface LandedLine {
  readonly length: number;
  readonly at: (place: number) => CommitLink | undefined;
  readonly placeOf: (id: ObjectId) => number | undefined;
  /** Commits that the link at a place brought in, itself included: every commit belongs to the first link that reaches it. */
  readonly broughtAt: (place: number) => readonly ObjectId[];
  readonly countAt: (place: number) => number;
}

const NOWHERE = -1;

export function toLandedLine(graph: PackedGraph, head: ObjectId): LandedLine {
  const rows = listRows(graph, head);
  const places = new Int32Array(graph.size).fill(NOWHERE);
  for (const [place, row] of rows.entries()) places[row] = place;
  const { brought, ends } = divideRows(graph, rows);
  const placeOf = (id: ObjectId) => {
    const place = places[graph.rowOf(id)] ?? NOWHERE;
    return place === NOWHERE ? undefined : place;
  };
  const linkAt = (place: number) => {
    const row = rows[place];
    return row === undefined ? undefined : graph.linkAt(row);
  };
  const startOf = (place: number) => ends[place - 1] ?? 0;
  return {
    length: rows.length,
    at: linkAt,
    placeOf,
    broughtAt: (place) =>
      [...brought.subarray(startOf(place), ends[place] ?? 0)].map((row) => graph.linkAt(row).id),
    countAt: (place) => (ends[place] ?? 0) - startOf(place),
  };
}

export function listBrought(line: LandedLine, link: ObjectId): readonly ObjectId[] {
  const place = line.placeOf(link);
  return place === undefined ? [] : line.broughtAt(place);
}

function listRows(graph: PackedGraph, head: ObjectId): Uint32Array {
  const rows: number[] = [];
  for (let row = graph.rowOf(head); row >= 0; row = graph.parentRows(row)[0] ?? NOWHERE) rows.push(row);
  return Uint32Array.from(rows.reverse());
}

/** Rows by the place that brought them in; `ends` is where those of each place end. */
function divideRows(graph: PackedGraph, line: Uint32Array) {
  const taken = new Uint8Array(graph.size);
  const brought = new Uint32Array(graph.size);
  const ends = new Uint32Array(line.length);
  let end = 0;
  for (const [place, start] of line.entries()) {
    const open = [start];
    for (let row = open.pop(); row !== undefined; row = open.pop()) {
      if (row < 0 || taken[row] === 1) continue;
      taken[row] = 1;
      brought[end++] = row;
      open.push(...graph.parentRows(row));
    }
    ends[place] = end;
  }
  return { brought, ends };
}
