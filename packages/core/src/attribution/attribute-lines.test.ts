// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { attributeLines, attributeWritten } from "./attribute-lines.ts";
import { attributed, ORIGINS, type OriginLetter, toBlock } from "./origins.fixture.ts";

function expectLines(sources: readonly string[], writer: OriginLetter, after: string): void {
  const expected = attributed(after);
  const result = attributeLines(expected.lines, sources.map(attributed), ORIGINS[writer]);
  expect(`\n${toBlock(result)}`).toBe(`\n${toBlock(expected)}`);
}

function expectWritten(sources: readonly string[], writer: OriginLetter, after: string): void {
  const expected = attributed(after);
  const { text } = attributeWritten(expected.lines, sources.map(attributed), ORIGINS[writer]);
  expect(`\n${toBlock(text)}`).toBe(`\n${toBlock(expected)}`);
}

describe("attributeLines", () => {
  it("gives all to the writer without a source", () => {
    expectLines([], "?", "? one\n? two\n");
  });

  it("finds AI lines again that an undo or a stash pop brought back", () => {
    const head = "h import a;\nh start(engine);\nh stop(engine);\n";
    const stashed = "h import a;\nh start(engine);\nA x = 1;\nA }\nh stop(engine);\n";
    expectLines([head, stashed], "h", "h import a;\nh start(engine);\nA x = 1;\nA }\nh stop(engine);\n");
  });

  it("finds them again as a formatter broke them meanwhile", () => {
    const head = "h import a;\nh start(engine);\nh stop(engine);\n";
    const stashed = "h import a;\nh start(engine);\nA refuel(engine, diesel);\nh stop(engine);\n";
    expectLines(
      [head, stashed],
      "h",
      "h import a;\nh start(engine);\nA refuel(\nA   engine,\nA   diesel,\nA );\nh stop(engine);\n",
    );
  });

  it("knows the only line again that an AI changed, a stash took away and somebody changed once more", () => {
    const head = "? refuel(petrol, slowly);\n";
    const stashed = "A refuel(diesel, slowly);\n";
    for (const line of ["refuel(diesel, twice);\n", "refuel(diesel, slowly, twice);\n"]) {
      const { origins } = attributeWritten([line], [head, stashed].map(attributed), ORIGINS.h).text;
      expect(origins).toEqual([{ ...ORIGINS.a, evidence: "inferred" }]);
    }
    // Nothing of it is left that only the AI said.
    expectWritten([head, stashed], "h", "i refuel(petrol, twice);\n");
    expectWritten([head, stashed], "h", "h drive(home);\n");
    // One line among others says nothing of what the text was.
    const others = "h drive(home);\nh park(there);\nh leave(now);\nh lock(doors);\n";
    expectWritten([head, stashed], "h", `${others}h refuel(diesel, twice);\n`);
  });

  it("finds them again where a formatter broke every line, so that none agrees", () => {
    const head = "h start(engine, slowly);\nh refuel(engine, petrol);\n";
    const stashed = "h start(engine, slowly);\nA refuel(engine, diesel);\n";
    const broken = "h start(\nh   engine,\nh   slowly\nh );\nA refuel(\nA   engine,\nA   diesel\nA );\n";
    expectLines([head, stashed], "h", broken);
    expectWritten([head, stashed], "h", broken);
  });

  it("finds a person's lines again as a formatter broke them, but where an AI says the same in a layout of its own", () => {
    const known = "h start(engine, slowly);\nA refuel(engine, diesel);\nh stop(engine);\n";
    const broken = "h start(\nh   engine,\nh   slowly\nh );\nA refuel(engine, diesel);\nh stop(engine);\n";
    expectLines(["", known], "?", broken);
    const own = broken.replace(/^h(?= (?:start| {2}|\)))/gm, "B");
    expectLines(["", known], "B", own);
  });

  it("takes a line that resembles one of theirs for the same, changed, but only infers it", () => {
    const head = attributed("h import a;\nh start(engine);\nh stop(engine);\n");
    const stashed = attributed("h import a;\nh start(engine);\nA refuel(engine, diesel);\nh stop(engine);\n");
    const lines = [
      ...head.lines.slice(0, 2),
      "refuel(engine, petrol);\n",
      "inspect(brakes);\n",
      ...head.lines.slice(2),
    ];
    const { text, fresh } = attributeWritten(lines, [head, stashed], ORIGINS.h);
    expect(text.origins[2]).toEqual({ ...ORIGINS.a, evidence: "inferred" });
    expect(text.origins[3]).toEqual(ORIGINS.h);
    expect(fresh).toEqual([3]);
  });

  it("takes a line for a changed form of the one that it is most like", () => {
    const before = "? start(engine, slowly, now);\nh stop(engine, safely);\n";
    const after = "A start(engine, quickly, now);\nh stop(engine, safely);\n";
    expectWritten([after, before], "h", "i start(turbine, slowly, now);\nh stop(engine, safely);\n");
    expectWritten([after, before], "h", "a start(turbine, quickly, now);\nh stop(engine, safely);\n");
  });

  it("leaves a line an AI's that somebody brought back half-way, whatever it is most like", () => {
    const before = "? grant(read, releases, inside, office);\nh stop(engine, safely);\n";
    const after = "A grant(all, everything, anywhere, office);\nh stop(engine, safely);\n";
    expectWritten([after, before], "h", "a grant(all, releases, inside, office);\nh stop(engine, safely);\n");
    expectWritten(
      [after, before],
      "h",
      "? grant(read, releases, inside, office);\nh stop(engine, safely);\n",
    );
    const open = "? allow s3:GetObject on releases/inside\n";
    const wide = "A allow s3:* on everything/anywhere\n";
    expectWritten([wide, open], "h", "a allow s3:* on releases/inside\n");
  });

  it("does not call a line AI that an AI changed later", () => {
    const later = "A start(engine, slowly);\nA refuel(engine);\nh stop(engine);\n";
    expectLines(["", later], "?", "? start(engine);\nh stop(engine);\n");
  });

  it("keeps what is typed beside them the writer's", () => {
    const head = "h start(engine);\n";
    const stashed = "h start(engine);\nA refuel(engine);\n";
    expectLines([head, stashed], "h", "h start(engine);\nA refuel(engine);\nh inspect(engine);\n");
  });

  it("prefers an exact line of another source to a changed one of the first", () => {
    expectLines(
      ["A const size = count(items);\n", "B const size = count(items) + 1;\n"],
      "h",
      "B const size = count(items) + 1;\n",
    );
  });

  it("does not lend what the source does not know, nor gives it to the writer where it comes back", () => {
    expectLines(["h one();\n", "? one();\n? two();\n"], "h", "h one();\n? two();\n");
    expectLines(["h one();\n", "? one();\n? two();\n", "A one();\nA two();\n"], "h", "h one();\nA two();\n");
  });

  it("does not call a line AI that an AI had changed and an undo brought back", () => {
    const before = "? start(engine, slowly);\nh stop(engine, safely);\n";
    const after = "A start(engine, quickly);\nA stop(engine, quickly);\n";
    expectLines([after, before], "h", before);
  });

  it("does not lend trivial lines of a text that is another file's", () => {
    expectLines(
      ["h class Mine {\nh }\n", "A const theirs = 1;\nA if (theirs) {\nA   return null;\nA }\n"],
      "h",
      "h class Mine {\nh   first_method() {\nh     return null;\nh   }\nh }\n",
    );
  });

  it("takes both sides of a merge", () => {
    const base = "h one(1000);\nh two(2000);\nh three(3000);\n";
    expectLines(
      [`${base}A alpha_was_here(1);\n`, `B beta_was_here(1);\n${base}`],
      "h",
      `B beta_was_here(1);\n${base}A alpha_was_here(1);\n`,
    );
  });

  it("finds a block of another source wherever it stands", () => {
    expectLines(
      ["h mine(1000);\n", "A first_thing();\nA second_thing();\nA third_thing();\n"],
      "?",
      "h mine(1000);\n? elsewhere(1);\nA first_thing();\nA second_thing();\nA third_thing();\n",
    );
  });
});
