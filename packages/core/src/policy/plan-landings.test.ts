// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ChainLink, planLandings } from "./plan-landings.ts";

const link = (id: string, tree = `tree-${id}`): ChainLink => ({ id, tree });
const base = link("base");
const computed = (rows: Readonly<Record<string, string>>) => (position: string, head: string) =>
  rows[`${position}+${head}`];
const shape = (landings: ReturnType<typeof planLandings>) =>
  landings.map((one) => [one.base.id, one.head.id, one.signedHead]);

describe("planLandings", () => {
  it("keeps a plain push as one change", () => {
    expect(shape(planLandings(base, [link("a"), link("b")], [], () => undefined))).toEqual([
      ["base", "b", null],
    ]);
  });

  it("divides a queue of two squashes into two changes", () => {
    const chain = [link("s1"), link("s2")];
    const trees = computed({ "base+h1": "tree-s1", "s1+h2": "tree-s2" });
    expect(shape(planLandings(base, chain, ["h1", "h2"], trees))).toEqual([
      ["base", "s1", "h1"],
      ["s1", "s2", "h2"],
    ]);
  });

  it("keeps an unsigned commit before, between and after landings as changes of their own", () => {
    const chain = [link("x"), link("s1"), link("y"), link("s2"), link("z")];
    const trees = computed({ "x+h1": "tree-s1", "y+h2": "tree-s2" });
    expect(shape(planLandings(base, chain, ["h1", "h2"], trees))).toEqual([
      ["base", "x", null],
      ["x", "s1", "h1"],
      ["s1", "y", null],
      ["y", "s2", "h2"],
      ["s2", "z", null],
    ]);
  });

  it("does not divide at a signed head that is itself on the chain: a commit on top makes a new change (T18)", () => {
    const chain = [link("h1"), link("b")];
    const trees = computed({ "base+h1": "tree-h1" });
    expect(shape(planLandings(base, chain, ["h1"], trees))).toEqual([["base", "b", null]]);
  });

  it("does not take a signed head that is already in the target for a landing", () => {
    const trees = computed({ "base+old": "tree-base" });
    expect(shape(planLandings(base, [link("a", "tree-base")], ["old"], trees))).toEqual([
      ["base", "a", null],
    ]);
  });

  it("finds the end of a rebased series several commits on", () => {
    const chain = [link("r1"), link("r2"), link("r3")];
    expect(shape(planLandings(base, chain, ["h"], computed({ "base+h": "tree-r3" })))).toEqual([
      ["base", "r3", "h"],
    ]);
  });

  it("always returns adjoining pieces that add up to the whole chain", () => {
    const tree = fc.constantFrom("t1", "t2", "t3", "t4");
    fc.assert(
      fc.property(
        fc.array(tree, { minLength: 1, maxLength: 8 }),
        fc.array(tree, { maxLength: 3 }),
        (trees, results) => {
          const chain = trees.map((one, i) => link(`c${i}`, one));
          const landings = planLandings(
            base,
            chain,
            results.map((_, i) => `h${i}`),
            (_, head) => results[Number(head.slice(1))],
          );
          expect(landings[0]?.base).toEqual(base);
          expect(landings.at(-1)?.head).toEqual(chain.at(-1));
          for (let i = 1; i < landings.length; i++) expect(landings[i]?.base).toEqual(landings[i - 1]?.head);
        },
      ),
    );
  });
});
