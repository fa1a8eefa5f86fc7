// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import { attributeWritten } from "./attribute-lines.ts";
import { attributeMoved } from "./attribute-moved.ts";
import type { AttributedText } from "./attributed-text.ts";
import { attributed, ORIGINS } from "./origins.fixture.ts";

const MINE = attributed("h first(petrol);\nh last(diesel);\n");
const BLOCK = "A start(engine, slowly);\nA refuel(engine, kerosene);\nA }\nA stop(engine, gently);\n";

function letters({ origins }: AttributedText): string {
  return origins
    .map((origin) => (origin.kind === "ai" ? `${origin.agent.tool} ${origin.evidence}` : origin.kind))
    .join(", ");
}

/** A person has pasted these lines into the middle of their own file. */
function paste(block: string, other: string, isGone: boolean) {
  const { lines } = attributed(block);
  const written = attributeWritten([MINE.lines[0] ?? "", ...lines, MINE.lines[1] ?? ""], [MINE], ORIGINS.h);
  return attributeMoved(written, [{ ...attributed(other), isGone }]);
}

it.each([true, false])("leaves an AI's block that a person pasted to the AI (cut: %s)", (isGone) => {
  const { text, fresh } = paste(BLOCK, BLOCK, isGone);
  const ai = "alpha inferred";
  expect(letters(text)).toBe(`human, ${ai}, ${ai}, ${ai}, ${ai}, human`);
  expect(fresh).toEqual([]);
});

it("follows one line that says much where it left its file, and not where it still stands", () => {
  const line = "A const engine = assemble(cylinders, crankshaft);\n";
  expect(letters(paste(line, line, true).text)).toBe("human, alpha inferred, human");
  expect(paste(line, line, false)).toMatchObject({ fresh: [1] });
});

it("knows a block by all its lines, and takes the AI's of them only", () => {
  const block = "A start(engine, slowly);\nh refuel(engine, kerosene);\nA stop(engine, gently);\n";
  expect(letters(paste(block, block, false).text)).toBe(
    "human, alpha inferred, human, alpha inferred, human",
  );
});

it("takes a line that was changed inside of what was pasted for a changed line of the AI's, and not what was typed there", () => {
  const other =
    "A const engine = assemble(cylinders, crankshaft);\nA refuel(engine, kerosene);\nA const wheel = assemble(spokes, rimsteel);\n";
  const block =
    "A const engine = assemble(cylinders, crankshaft);\nA refuel(engine, petrol);\nA unlike(all, others);\nA const wheel = assemble(spokes, rimsteel);\n";
  const { text, fresh } = paste(block, other, true);
  expect(text.origins[2]).toMatchObject({ kind: "ai", extent: "edited" });
  expect(fresh).toEqual([3]);
});

it("takes nothing for short lines, nor from a person, nor for a line that the file had before", () => {
  expect(paste("A stop(engine);\n", "A stop(engine);\n", true).fresh).toEqual([1]);
  expect(paste(BLOCK, BLOCK.replaceAll("A ", "h "), true).fresh).toEqual([1, 2, 3, 4]);
  const kept = attributeWritten(MINE.lines, [MINE], ORIGINS.h);
  const others = [{ ...attributed("A first(petrol);\nA last(diesel);\nA rest(kerosene);\n"), isGone: true }];
  expect(attributeMoved(kept, others).text).toEqual(MINE);
});
