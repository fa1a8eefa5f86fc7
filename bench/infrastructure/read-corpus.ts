// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

/** A resource that a case says is touched. */
export interface Expectation {
  readonly kind: string;
  readonly type: string;
  /** The resource's name; a path of the case stands for everything of that kind in the file. */
  readonly name: string;
  readonly category: string;
  readonly action: string;
  readonly dangers: readonly string[];
  /** Dangers that may be named here and need not be. */
  readonly also: readonly string[];
}

/** One labelled change. Labels are written from the sources named, never from an answer of the classifier. */
export interface CorpusCase {
  readonly id: string;
  readonly file: string;
  /** A look-alike: whatever it touches, it is not dangerous. */
  readonly benign: boolean;
  readonly source: string;
  readonly why: string;
  readonly before: ReadonlyMap<string, string>;
  readonly after: ReadonlyMap<string, string>;
  readonly expect: readonly Expectation[];
}

interface RawCase {
  readonly id: string;
  readonly benign?: boolean;
  readonly source: string;
  readonly why: string;
  readonly diff?: Readonly<Record<string, string>>;
  readonly before?: Readonly<Record<string, string>>;
  readonly after?: Readonly<Record<string, string>>;
  readonly expect: readonly Partial<Expectation>[];
}

const FOLDER = join(import.meta.dirname, "corpus");

/** Every case of every file, in the order of the files' names. Throws where a diff has a line of no sign. */
export function readCorpus(folder = FOLDER): readonly CorpusCase[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".yaml"))
    .sort()
    .flatMap((file) => {
      const { kind, cases } = parse(readFileSync(join(folder, file), "utf8")) as {
        kind: string;
        cases: readonly RawCase[];
      };
      return cases.map((raw) => toCase(file, kind, raw));
    });
}

function toCase(file: string, kind: string, raw: RawCase): CorpusCase {
  const { id, source, why, benign = false } = raw;
  const expect = raw.expect.map((each) => ({ kind, action: "update", dangers: [], also: [], ...each }));
  const sides = raw.diff === undefined ? [raw.before ?? {}, raw.after ?? {}] : splitDiff(id, raw.diff);
  const [before, after] = sides.map((side) => new Map(Object.entries(side)));
  if (before === undefined || after === undefined) throw new Error(`${id}: no two sides`);
  return { id, file, benign, source, why, before, after, expect: expect as readonly Expectation[] };
}

/** Lines begin with " ", "-" or "+"; a file of additions alone is new, one of removals alone is deleted. */
function splitDiff(id: string, diff: Readonly<Record<string, string>>): Record<string, string>[] {
  const sides: [Record<string, string>, Record<string, string>] = [{}, {}];
  for (const [path, text] of Object.entries(diff)) {
    const lines = text.replace(/\n$/, "").split("\n");
    const odd = lines.find((line) => line !== "" && !/^[ +-]/.test(line));
    if (odd !== undefined) throw new Error(`${id}: ${path}: a line of no sign: ${odd}`);
    for (const [side, other] of [
      [0, "+"],
      [1, "-"],
    ] as const) {
      const kept = lines.filter((line) => !line.startsWith(other));
      if (kept.length > 0) sides[side][path] = kept.map((line) => `${line.slice(1)}\n`).join("");
    }
  }
  return sides;
}
