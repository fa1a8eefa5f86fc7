// SPDX-License-Identifier: Apache-2.0
import { type AttributedText, UNKNOWN } from "@countersign/core/attribution";
import { expect, test } from "vitest";
import { findAdded, type TargetFile } from "../derive/target-file.ts";
import { keepNearer } from "./keep-nearer.ts";

const AI = { tool: "codex", session: "s", model: null };
const call = (first: string, second: string) => `call = prepare.everything(${first}, ${second});\n`;

function byAi(lines: readonly string[]): AttributedText {
  const origin = { kind: "ai", agent: AI, extent: "generated", evidence: "observed" } as const;
  return { lines, origins: lines.map(() => origin) };
}

function changed(parent: readonly string[], lines: readonly string[]): TargetFile {
  const isAdded = findAdded(lines, [parent]);
  return { path: "f.js", blob: "f".repeat(40), lines, isAdded, parents: [parent] };
}

const kindsOf = (text: AttributedText | undefined) => text?.origins.map(({ kind }) => kind);

test("an AI's line is kept where a line is more like it than like what stood there before", () => {
  const file = changed([call("one", "two")], [call("mine", "three")]);
  expect(kindsOf(keepNearer(byAi([call("one", "three")]), file))).toEqual(["ai"]);
});

test("none is kept that is no nearer, or that stood there before", () => {
  const file = changed([call("one", "two")], [call("mine", "two")]);
  expect(keepNearer(byAi([call("one", "three")]), file)).toBeUndefined();
  expect(keepNearer(byAi([call("one", "two")]), file)).toBeUndefined();
});

test("a line that nobody is known for stays so beside one that is kept", () => {
  const text = byAi([call("one", "three"), call("other", "words")]);
  const half = { lines: text.lines, origins: [text.origins[0] ?? UNKNOWN, UNKNOWN] };
  expect(kindsOf(keepNearer(half, changed([], [...text.lines])))).toEqual(["ai", "unknown"]);
});

test("where there is too much to compare while Git waits, only the very same lines are kept", () => {
  const many = Array.from({ length: 300 }, (_, index) => call(`word${index}`, "three"));
  const file = changed(
    [],
    [...many.slice(0, 1), ...many.slice(1).map((line) => line.replace("three", "four"))],
  );
  expect(kindsOf(keepNearer(byAi(many), file))).toEqual(["ai", ...many.slice(1).map(() => "unknown")]);
  expect(kindsOf(keepNearer(byAi(many.slice(0, 20)), file))).toEqual(many.slice(0, 20).map(() => "ai"));
});
