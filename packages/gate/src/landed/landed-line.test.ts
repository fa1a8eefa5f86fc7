// SPDX-License-Identifier: Apache-2.0
import type { CommitLink } from "@countersign/git";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { reachableFrom, toGraph } from "./commit-graph.ts";
import { toLandedLine } from "./landed-line.ts";
import { packGraph } from "./packed-graph.ts";

const SEED = "0123456789abcdef";
/** Ids that begin alike, as somebody would choose them who wants tables to grow slow. */
const idOf = (n: number, width: number) =>
  SEED.repeat(4).slice(0, width - 8) + n.toString(16).padStart(8, "0");

/** Any history: each commit has up to three parents among those before it, or outside. */
const history = fc.array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: 1, maxLength: 40 });

function toLinks(shape: readonly (readonly number[])[], width: number): readonly CommitLink[] {
  return shape.map((parents, n) => ({
    id: idOf(n + 1, width),
    tree: idOf(1000 + n, width),
    parents: [...new Set(parents.map((parent) => idOf(parent % (n + 1), width)))],
  }));
}

async function* inBatches(links: readonly CommitLink[]): AsyncGenerator<readonly CommitLink[]> {
  yield [];
  for (let at = 0; at < links.length; at += 7) yield links.slice(at, at + 7);
}

describe("a packed history", () => {
  it.each([40, 64])("answers as a map of its commits does, with ids of %d characters", async (width) => {
    await fc.assert(
      fc.asyncProperty(history, async (shape) => {
        const links = toLinks(shape, width);
        const graph = await packGraph(inBatches([...links].reverse()));
        for (const link of links) expect(graph.get(link.id)).toEqual(link);
        expect(graph.size).toBe(links.length);
        for (const id of [idOf(0, width), idOf(99, width), idOf(1, 104 - width), ""])
          expect([graph.has(id), graph.get(id)]).toEqual([false, undefined]);
      }),
    );
  });

  it("is empty where nothing landed", async () => {
    const graph = await packGraph(inBatches([]));
    expect([graph.size, graph.has(idOf(1, 40)), toLandedLine(graph, idOf(1, 40)).length]).toEqual([
      0,
      false,
      0,
    ]);
  });
});

describe("the line", () => {
  it("is that of first parents, and each commit belongs to the first link that reaches it", async () => {
    await fc.assert(
      fc.asyncProperty(history, async (shape) => {
        const links = toLinks(shape, 40);
        const head = links.at(-1)?.id ?? "";
        const line = toLandedLine(await packGraph(inBatches(links)), head);
        const map = toGraph(links);
        const taken = new Set<string>();
        for (let place = 0; place < line.length; place++) {
          const link = line.at(place);
          expect(line.placeOf(link?.id ?? "")).toBe(place);
          if (place > 0) expect(link?.parents[0]).toBe(line.at(place - 1)?.id);
          const brought = reachableFrom(map, [link?.id ?? ""], (id) => taken.has(id));
          expect(new Set(line.broughtAt(place))).toEqual(brought);
          expect(line.countAt(place)).toBe(brought.size);
          for (const id of brought) taken.add(id);
        }
        expect(line.at(line.length - 1)?.id).toBe(head);
        expect(map.get(line.at(0)?.parents[0] ?? "")).toBeUndefined();
        expect([line.at(line.length), line.at(-1)]).toEqual([undefined, undefined]);
      }),
    );
  });
});
