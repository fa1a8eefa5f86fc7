// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { carry } from "./carry.ts";
import { attributed, ORIGINS, toBlock } from "./origins.fixture.ts";

/** A function as a hundred others are. */
const body = (mark: string, name: string): string =>
  [
    `${mark} def load_${name}(id):`,
    `${mark}     if not user.is_known:`,
    `${mark}         return None`,
    `${mark}     row = fetch("${name}", id)`,
    `${mark}     if row is None:`,
    `${mark}         return None`,
    `${mark}     return ${name}(row)`,
    "",
  ].join("\n");

function expectCarry(before: string, after: string, writer: keyof typeof ORIGINS = "h"): void {
  const expected = attributed(after);
  expect(toBlock(carry(attributed(before), expected.lines, ORIGINS[writer]))).toBe(toBlock(expected));
}

describe("functions that are alike", () => {
  it("keep each its own lines when two of them change places", () => {
    expectCarry(body("A", "orders") + body("B", "shops"), body("B", "shops") + body("A", "orders"));
  });

  it("keep them when five are put into another order", () => {
    const of = (...marks: string[]) => marks.map((mark) => body(mark, `${mark.toLowerCase()}items`)).join("");
    expectCarry(of("A", "B", "?", "h"), of("h", "?", "A", "B"));
  });

  it("keep them when one goes and another comes at its end", () => {
    const [kept, gone] = [body("?", "shops"), body("B", "orders")];
    expectCarry(gone + kept, kept + body("A", "carts"), "A");
  });
});

describe("three lines in a row that a person writes again", () => {
  const same = (mark: string) =>
    ["  verify(request);", "  const row = await fetch(key);", "  respond(decode(row));"]
      .map((line) => `${mark} ${line}\n`)
      .join("");

  it("are the AI's from which alone they can be", () => {
    const before = `A orders() {\n${same("A")}A }\n`;
    expectCarry(before, `${before}h carts() {\n${same("A")}A }\n`);
  });

  it("are nobody's where others had said them too", () => {
    const before = `? shops() {\n${same("?")}? }\nA orders() {\n${same("A")}A }\n`;
    expectCarry(before, `${before}h carts() {\n${same("?")}? }\n`);
  });

  it("are the AI's together with a line that is the AI's alone", () => {
    const before = `h shops() {\n${same("h")}h }\nA orders() {\n${same("A")}A }\n`;
    expectCarry(before, `${before}A orders() {\n${same("A")}A }\n`);
  });
});

describe("short lines that a person sorts", () => {
  it("stay whose they are", () => {
    const of = (...names: string[]) =>
      names.map((name) => `${name.slice(0, 1)} import ${name.slice(2)}\n`).join("");
    expectCarry(
      of("? json", "? queue", "A argparse", "h math"),
      of("A argparse", "? json", "h math", "? queue"),
    );
  });
});
