// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { attributeLines } from "./attribute-lines.ts";
import type { AttributedText } from "./attributed-text.ts";
import { carry } from "./carry.ts";
import { createCarryModel, toText } from "./carry-model.fixture.ts";
import { isSignificant } from "./line-words.ts";
import { isSameAgent, isSameOrigin, type Origin, UNKNOWN } from "./origin.ts";
import { ORIGINS, toBlock } from "./origins.fixture.ts";

const HISTORIES = 2000;
const STEPS = 12;

const line = fc.constantFrom(
  "a();\n",
  "alpha(1);\n",
  "alpha( 1 )\n",
  "beta,\n",
  "gamma(\n",
  "delta)\n",
  "}\n",
  "  }\n",
  "\n",
  "x",
);
const origin: fc.Arbitrary<Origin> = fc.constantFrom(...Object.values(ORIGINS));
const text: fc.Arbitrary<AttributedText> = fc
  .array(fc.tuple(line, origin), { maxLength: 25 })
  .map((rows) => ({ lines: rows.map(([one]) => one), origins: rows.map(([, one]) => one) }));
const lines = fc.array(line, { maxLength: 25 });

describe("carry, over random histories", () => {
  it(`finds the origin of every significant line in ${HISTORIES} of them, and of trivial ones but for a few`, () => {
    const trivial = { all: 0, wrong: 0 };
    for (let seed = 1; seed <= HISTORIES; seed++) {
      const model = createCarryModel(seed);
      let state: AttributedText = { lines: [], origins: [] };
      for (let step = 1; step <= STEPS; step++) {
        const before = state;
        const { writer, name } = model.change();
        const expected = toText(model.lines);
        state = carry(before, expected.lines, writer);
        const areWrong = expected.lines.filter(
          (_, i) => !isSameOrigin(expected.origins[i] ?? UNKNOWN, state.origins[i] ?? UNKNOWN),
        );
        trivial.all += expected.lines.filter((one) => !isSignificant(one)).length;
        trivial.wrong += areWrong.filter((one) => !isSignificant(one)).length;
        if (!areWrong.some(isSignificant)) {
          // A trivial line may be taken for its equal beside it; what follows must not suffer from that.
          state = expected;
          continue;
        }
        const message = `seed ${seed}, step ${step}: ${name} by ${JSON.stringify(writer)}\n${toBlock(before)}`;
        expect(`\n${toBlock(state)}`, message).toBe(`\n${toBlock(expected)}`);
      }
    }
    // Where a block that ends in `}` was put before another `}`, the text alone does not say which is the old one.
    expect(trivial.wrong).toBeLessThan(trivial.all * 0.002);
  });
});

describe("carry, whatever the texts", () => {
  it("gives each line an origin, and keeps an unchanged text as it is", () => {
    fc.assert(
      fc.property(text, lines, origin, (old, next, writer) => {
        const result = carry(old, next, writer);
        expect(result.lines).toEqual(next);
        expect(result.origins).toHaveLength(next.length);
        expect(carry(old, old.lines, writer)).toEqual(old);
      }),
    );
  });

  it("makes no AI out of nothing: each agent was there or is the writer", () => {
    fc.assert(
      fc.property(text, lines, origin, (old, next, writer) => {
        for (const found of carry(old, next, writer).origins) {
          if (found.kind !== "ai" || isSameOrigin(found, writer)) continue;
          const source = old.origins.filter(
            (one) => one.kind === "ai" && isSameAgent(one.agent, found.agent),
          );
          expect(source.length).toBeGreaterThan(0);
          // Only what was generated before is called so.
          if (found.extent === "generated")
            expect(source.some((one) => one.kind === "ai" && one.extent === "generated")).toBe(true);
        }
      }),
    );
  });

  it("makes no human out of nothing", () => {
    fc.assert(
      fc.property(text, lines, fc.constantFrom(ORIGINS.A, UNKNOWN), (old, next, writer) => {
        if (old.origins.some(({ kind }) => kind === "human")) return;
        expect(carry(old, next, writer).origins.every(({ kind }) => kind !== "human")).toBe(true);
      }),
    );
  });

  it("keeps every significant line that only moved up or down", () => {
    fc.assert(
      fc.property(text, fc.nat(25), fc.nat(3), origin, (old, at, count, writer) => {
        const unique = old.lines.map(
          (one, i) => `${one.trimEnd()} unique_${i}_${"abcdefghijklmnopqrstuvwxyz"[i]}\n`,
        );
        const next = unique.filter((_, i) => i < at || i >= at + count);
        const kept = old.origins.filter((_, i) => i < at || i >= at + count);
        expect(carry({ ...old, lines: unique }, next, writer).origins).toEqual(kept);
      }),
    );
  });
});

describe("attributeLines, whatever the texts", () => {
  it("is carry for one source, and invents nothing for several", () => {
    fc.assert(
      fc.property(text, fc.array(text, { maxLength: 3 }), lines, origin, (first, others, next, writer) => {
        expect(attributeLines(next, [first], writer)).toEqual(carry(first, next, writer));
        const known = [first, ...others].flatMap(({ origins }) => origins);
        for (const found of attributeLines(next, [first, ...others], writer).origins) {
          const isKnown =
            isSameOrigin(found, writer) ||
            known.some(
              (one) =>
                isSameOrigin(one, found) ||
                (one.kind === "ai" && found.kind === "ai" && isSameAgent(one.agent, found.agent)),
            );
          expect(isKnown).toBe(true);
        }
      }),
    );
  });

  it("finds a whole text again in any later source", () => {
    fc.assert(
      fc.property(text, text, (first, second) => {
        const known = second.origins.map((one, i) =>
          one.kind === "unknown" ? ORIGINS.A : (second.origins[i] ?? one),
        );
        const unique = second.lines.map((one, i) => `${one.trimEnd()} // distinct ${i} line\n`);
        const result = attributeLines(unique, [first, { lines: unique, origins: known }], UNKNOWN);
        expect(result.origins).toEqual(known);
      }),
    );
  });
});
