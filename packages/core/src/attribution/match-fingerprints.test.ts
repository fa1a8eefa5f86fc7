// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fingerprintLine, isFingerprint } from "./fingerprint.ts";
import { type CandidateRanges, matchFingerprints } from "./match-fingerprints.ts";
import { isSameOrigin, type Origin } from "./origin.ts";
import { attributed, ORIGINS } from "./origins.fixture.ts";

/** The record of a file in which everything but `?` lines was added. */
function candidate(block: string, closeness: CandidateRanges["closeness"] = "same-path"): CandidateRanges {
  const { lines, origins } = attributed(block);
  const ranges: { first: number; last: number; origin: Origin; fingerprints: string[] }[] = [];
  for (const [index, line] of lines.entries()) {
    const origin = origins[index] as Origin;
    const open = ranges.at(-1);
    if (origin.kind === "unknown") continue;
    if (open !== undefined && open.last === index && isSameOrigin(open.origin, origin)) {
      open.last++;
      open.fingerprints.push(fingerprintLine(line));
    } else ranges.push({ first: index + 1, last: index + 1, origin, fingerprints: [fingerprintLine(line)] });
  }
  return { closeness, ranges };
}

/** One letter a line, `?` where nothing was found. */
function match(block: string, candidates: readonly CandidateRanges[]): string {
  const { lines } = attributed(block);
  const found = matchFingerprints(lines, candidates, () => true);
  return found
    .map((one) => Object.entries(ORIGINS).find(([, origin]) => origin === one?.origin)?.[0] ?? "?")
    .join("");
}

describe("fingerprintLine", () => {
  it("is the first 48 bits of SHA-256 without white space, in base64url", () => {
    const hash = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest();
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const line = String.fromCharCode(...bytes);
        const stripped = Buffer.from(line.replace(/[\t\n\v\f\r ]/g, ""), "latin1");
        const expected = hash(stripped).subarray(0, 6).toString("base64url");
        expect(fingerprintLine(line)).toBe(expected);
        expect(fingerprintLine(line, hash)).toBe(expected);
        expect(isFingerprint(expected)).toBe(true);
      }),
    );
  });
});

describe("matchFingerprints", () => {
  const block = "A alpha(1000);\nA beta(2000);\nA }\n";

  it("finds the lines of a commit that was squashed", () => {
    expect(match("? mine(1);\n? alpha(1000);\n?   beta(2000);\n? }\n? mine(2);\n", [candidate(block)])).toBe(
      "?AAA?",
    );
  });

  it("takes a line alone from elsewhere only where it may be followed so, and says enough", () => {
    const all = "A const total = alpha.sum(weight, 1000);\nA gamma();\nA beta();\n";
    const { lines } = attributed(all);
    const alone = new Set(lines.map((line) => fingerprintLine(line)));
    const elsewhere = candidate(all, "elsewhere");
    const moved = "? mine();\n? const total = alpha.sum(weight, 1000);\n? mine();\n? beta();\n";
    expect(match(moved, [elsewhere])).toBe("????");
    expect(match(moved, [{ ...elsewhere, alone }])).toBe("?A??");
  });

  it("takes lines of several commits, and of several origins in one run", () => {
    const one = candidate("h first(1000);\nA second(1000);\nA }\nh }\n");
    const two = candidate("? old();\nB third(1000);\n");
    expect(match("? first(1000);\n? second(1000);\n? }\n? }\n? third(1000);\n", [one, two])).toBe("hAAhB");
  });

  it("leaves a human's trivial lines alone", () => {
    const elsewhere = candidate("A if (x) {\nA   return null;\nA }\n");
    expect(match("? f() {\n?   return null;\n? }\n? \n", [elsewhere])).toBe("????");
  });

  it("only looks at lines that were added", () => {
    const { lines } = attributed(block);
    expect(matchFingerprints(lines, [candidate(block)], (i) => i !== 0).map((one) => one?.candidate)).toEqual(
      [undefined, 0, 0],
    );
  });

  it("takes a line that the file has anyway only together with one that is new", () => {
    const { lines } = attributed("? print_it(result);\n? alpha(1000);\n? print_it(result);\n");
    const record = candidate("A alpha(1000);\nA print_it(result);\n");
    const find = (isAdded: (i: number) => boolean, isRepeated: (i: number) => boolean) =>
      matchFingerprints(lines, [record], isAdded, { isRepeated })
        .map((one) => one?.candidate ?? "?")
        .join("");
    expect(
      find(
        (i) => i > 0,
        (i) => i === 2,
      ),
    ).toBe("?00");
    expect(
      find(
        (i) => i === 0,
        (i) => i === 0,
      ),
    ).toBe("???");
    expect(
      find(
        (i) => i === 0,
        () => false,
      ),
    ).toBe("0??");
  });

  it("takes such a line where others were put between it and the new one that it stood next to", () => {
    const { lines } = attributed(
      "? print_it(result);\n? print_it(result);\n? beta(2000);\n? alpha(1000);\n? gamma(3000);\n? print_it(result);\n",
    );
    const record = candidate("A print_it(result);\nA alpha(1000);\n");
    const isRepeated = (i: number) => i === 1 || i === 5;
    const find = (isAdded: (i: number) => boolean, from = record) =>
      matchFingerprints(lines, [from], isAdded, { isRepeated })
        .map((one) => one?.candidate ?? "?")
        .join("");
    expect(find((i) => i > 0)).toBe("?0?0??");
    // In another block anybody may have typed it.
    expect(find((i) => i === 1 || i > 2)).toBe("???0??");
    // Nor was it next to it where something else stood between.
    expect(find((i) => i > 0, candidate("A print_it(result);\nA other(4000);\nA alpha(1000);\n"))).toBe(
      "???0??",
    );
  });

  it("lends each recorded line once", () => {
    expect(match("? alpha(1000);\n? x\n? alpha(1000);\n", [candidate("A alpha(1000);\n")])).toBe("A??");
  });

  it("takes the longest run first", () => {
    expect(match("? alpha(1000);\n? x\n? alpha(1000);\n? beta(2000);\n", [candidate(block)])).toBe("??AA");
  });

  it("asks more of another file: three lines, or a whole range that says something", () => {
    const elsewhere = (text: string) => candidate(text, "elsewhere");
    const other = elsewhere("A import fs from 'node:fs';\nA other_things();\nA more_things();\n");
    expect(match("? import fs from 'node:fs';\n", [other])).toBe("?");
    expect(match("? other_things();\n? more_things();\n", [other])).toBe("??");
    expect(match("? x\n? import fs from 'node:fs';\n? other_things();\n? more_things();\n", [other])).toBe(
      "?AAA",
    );
    expect(
      match("? other_things();\n? more_things();\n", [elsewhere("A other_things();\nA more_things();\n")]),
    ).toBe("AA");
    expect(match("? f(foo);\n", [elsewhere("A f(foo);\n")])).toBe("?");
  });

  it("believes the nearer file", () => {
    const far = candidate("B alpha(1000);\nB beta(2000);\nB gamma(3000);\n", "elsewhere");
    const near = candidate("A alpha(1000);\n", "renamed");
    expect(match("? alpha(1000);\n? beta(2000);\n? gamma(3000);\n", [far, near])).toBe("A??");
  });
});
