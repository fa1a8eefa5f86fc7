// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { AttributedText } from "./attributed-text.ts";
import { carry } from "./carry.ts";
import { fingerprintLine } from "./fingerprint.ts";
import { attributed, ORIGINS, type OriginLetter, plain, toBlock } from "./origins.fixture.ts";

/** `after` shows the expected origins; what is fed in is only its text. */
function expectCarry(before: string, writer: OriginLetter, after: string): void {
  const expected = attributed(after);
  const result = carry(attributed(before), expected.lines, ORIGINS[writer]);
  expect(`\n${toBlock(result)}`).toBe(`\n${toBlock(expected)}`);
}

describe("carry", () => {
  it("gives everything in a new file to its writer", () => {
    expectCarry("", "A", "A f() {\nA }\n");
    expectCarry("", "?", "? f() {\n? }\n");
    expect(carry(attributed("A x\n"), [], ORIGINS.h).lines).toEqual([]);
  });

  it("keeps unchanged lines and gives new ones to the writer", () => {
    expectCarry("h one\nA two\n? three\n", "B", "h one\nB and a half\nA two\n? three\nB four\n");
  });

  it("does not call a human line AI because it stands among AI lines", () => {
    expectCarry(
      "A const total = sum(items);\nA return total;\n",
      "h",
      "A const total = sum(items);\nh log(total);\nA return total;\nh // see the ticket\n",
    );
  });

  it("calls an AI line that a human changed in place edited, and no other", () => {
    expectCarry(
      "A function add(a, b) {\nA   return a + b;\nA }\n",
      "h",
      "A function add(a, b) {\na   return a + b + 1;\nA }\n",
    );
    expectCarry("a   return a + b;\n", "?", "a   return a - b;\n");
  });

  it("gives a line that was replaced by another to the writer", () => {
    expectCarry(
      "A function add(a, b) {\nA   return a + b;\nA }\n",
      "h",
      "A function add(a, b) {\nh   throw new Error('not yet');\nA }\n",
    );
  });

  it("gives what an AI changes to that AI, whoever wrote it before", () => {
    expectCarry("h   return a + b;\nB   keep();\n", "A", "A   return a - b;\nB   keep();\n");
    expectCarry("B   return a + b;\n", "A", "A   return a - b;\n");
  });

  it("does not make a human line AI when a human changes it, nor an unknown one human for certain", () => {
    expectCarry("h   return a + b;\n", "h", "h   return a - b;\n");
    expectCarry("?   return a + b;\n?   rest();\n", "h", "i   return a - b;\n?   rest();\n");
    expectCarry("i   return a - b;\n", "h", "i   return a * b;\n");
    expectCarry("?   return a + b;\n", "A", "A   return a - b;\n");
    expectCarry("h   return a + b;\n", "?", "?   return a - b;\n");
  });

  it("tells the changed line from the one typed beside it", () => {
    expectCarry(
      "A const port = readPort(env);\nA listen(port);\n",
      "h",
      "h // ports below 1024 need root\na const port = readPort(env, 8080);\nA listen(port);\n",
    );
  });

  it("removes what was deleted", () => {
    expectCarry("h one\nA two words\nh three\n", "h", "h one\nh three\n");
  });
});

describe("carry and layout", () => {
  it.each(["h", "A", "?"] as const)("keeps origins through indentation by %s", (writer) => {
    expectCarry(
      "A f() {\nh   const first = 1;\nA   if (x) {\nh     go(first);\nA   }\nA }\n",
      writer,
      `A f() {\n${writer} try {\nh     const first = 1;\nA     if (x) {\nh       go(first);\nA     }\n${writer} } catch {}\nA }\n`,
    );
  });

  it("keeps origins through line ends, both ways and at the end of the file", () => {
    const unix = attributed("h one\nA two\nA }\n? \nh five");
    const windows = unix.lines.map((line) => line.replace(/\n$/, "\r\n"));
    const there = carry(unix, windows, ORIGINS.B);
    expect(there.origins).toEqual(unix.origins);
    expect(carry(there, unix.lines, ORIGINS.h).origins).toEqual(unix.origins);
    expect(carry(unix, plain("one\ntwo\n}\n\nfive\n"), ORIGINS.A).origins).toEqual(unix.origins);
  });

  it("keeps origins through a byte order mark, put there and taken away", () => {
    const text = attributed("h one\nA two");
    const marked = carry(text, text.lines.with(0, `\xef\xbb\xbf${text.lines[0]}`), ORIGINS.B);
    expect(marked.origins).toEqual(text.origins);
    expect(carry(marked, text.lines, ORIGINS.h).origins).toEqual(text.origins);
  });

  it("takes white space between words for text", () => {
    expectCarry('A say("ab");\n', "h", 'a say("a b");\n');
    expectCarry('A say("a b");\n', "h", 'A say("a  b");\n');
  });

  it("keeps the origin of a call that a formatter breaks over lines", () => {
    expectCarry(
      "h const x = 1;\nA configure(server, { port: 8080, host: 'localhost' }, callback);\nh done(x);\n",
      "h",
      `
      h const x = 1;
      A configure(
      A   server,
      A   {
      A     port: 8080,
      A     host: "localhost",
      A   },
      A   callback,
      A );
      h done(x);
      `,
    );
  });

  it("keeps it when a formatter joins them again", () => {
    expectCarry(
      "A configure(\nA   server,\nA   callback,\nA );\nh rest();\n",
      "B",
      "A configure(server, callback);\nh rest();\n",
    );
  });

  it("keeps origins when a formatter adds semicolons, chooses quotes and drops brackets", () => {
    expectCarry(
      'A import fs from "node:fs"\nh const half = (x) => x / 2\nA const both = [1, 2,]\n',
      "B",
      "A import fs from 'node:fs';\nh const half = x => x / 2;\nA const both = [1, 2];\n",
    );
  });

  it("calls a line joined from AI and human text edited AI", () => {
    expectCarry("A start(\nh   options,\nA );\n", "h", "a start(options);\n");
  });

  it("gives a line joined from two agents' text to the one with the larger share", () => {
    expectCarry("A begin(\nB   everything_else,\nA );\n", "h", "B begin(everything_else);\n");
  });

  it("keeps each line's own origin when a mixed group is broken otherwise", () => {
    expectCarry(
      "A const a = first(),\nh   b = second();\n",
      "B",
      "A const a =\nA   first(),\nh   b =\nh   second();\n",
    );
  });

  it("keeps origins in a Markdown table that is aligned anew", () => {
    expectCarry(
      "A | name | use |\nA |---|---|\nh | core | pure |\nA | recorder | captures |\n",
      "h",
      `
      A | name     | use      |
      A | -------- | -------- |
      h | core     | pure     |
      A | recorder | captures |
      `,
    );
  });

  it("keeps origins in a comment that is wrapped anew", () => {
    expectCarry(
      "A // The quick brown fox jumps over the lazy dog and runs\nA // away.\nh go();\n",
      "h",
      "A // The quick brown fox jumps over\nA // the lazy dog and runs away.\nh go();\n",
    );
  });

  it("calls an AI line edited that was taken into a comment or out of one", () => {
    expectCarry("A launch(rocket);\n", "h", "a // launch(rocket);\n");
  });

  it("finds the old line inside a rewritten call", () => {
    expectCarry(
      "A send(message, recipient);\n",
      "h",
      "h const retries = 3;\nA send(\nA   message,\nA   recipient,\nA );\n",
    );
  });
});

describe("carry and layout that somebody types into", () => {
  it("knows the pieces of an AI line that a formatter broke and a human typed between", () => {
    expectCarry(
      "A settle(account, balance);\n",
      "h",
      "a settle(\na   account,\nh   currency, // since March\na   balance,\nh );\n",
    );
  });

  it("takes each word of a lost line once", () => {
    expectCarry(
      "A settle(account);\nh rest(1000);\n",
      "h",
      "A settle(\nA   account,\nh   account\nh );\nh rest(1000);\n",
    );
  });

  it.each(["h", "?"] as const)(
    "leaves a person the pieces of their line, where %s changed another of them",
    (writer) => {
      expectCarry(
        "h start(engine);\nh refuel(engine, diesel);\nh stop(engine);\n",
        writer,
        `h start(engine);\nh refuel(\n${writer} measure(pressure, everywhere, twice);\nh   diesel\n${writer} );\nh stop(engine);\n`,
      );
    },
  );

  it("gives an AI what it says of a person's line in a layout and with words of its own", () => {
    expectCarry(
      "h start(engine);\nh refuel(engine, diesel);\nh stop(engine);\n",
      "A",
      "h start(engine);\nA refuel(\nA measure(pressure, everywhere, twice);\nA   diesel\nA );\nh stop(engine);\n",
    );
  });

  it("knows the pieces of an AI line that a formatter broke after a human had changed a word of it", () => {
    expectCarry("A settle(account, balance);\n", "h", "a settle(\na   saldo,\na   balance,\nh );\n");
    expectCarry("A settle(account, balance);\n", "h", "a settle(\na   account,\na   saldo,\nh );\n");
  });
  it("leaves a person what stands among pieces of which no word is gone, or too many are", () => {
    expectCarry(
      "A settle(account, balance);\n",
      "h",
      "a settle(\nh   saldo,\na   account,\na   balance,\nh );\n",
    );
    expectCarry("A settle(account, balance);\n", "h", "a settle(\nh   saldo,\nh   stand,\nh );\n");
  });
  it("does not take a line with one word more for a piece", () => {
    expectCarry(
      "A settle(account, balance);\n",
      "h",
      "a settle(\na   account,\nh   balance(currency),\nh );\n",
    );
  });
});

describe("carry and blocks", () => {
  const block = (letter: string) =>
    `${letter} function parse(text) {\n${letter}   const words = text.split(" ");\n${letter}   return words.map(trim);\n${letter} }\n`;

  it.each(["h", "A", "?"] as const)("follows a block that %s moved", (writer) => {
    expectCarry(
      `${block("B")}h one(1000);\nh two(2000);\nh three(3000);\nh four(4000);\n`,
      writer,
      `h one(1000);\nh two(2000);\nh three(3000);\nh four(4000);\n${block("B")}`,
    );
  });

  it("follows a block that was moved into a deeper one", () => {
    expectCarry(
      "A first_thing(alpha);\nA second_thing(beta);\nA third_thing(gamma);\nh tail(1000);\nh tail(2000);\nh tail(3000);\nh tail(4000);\n",
      "h",
      "h tail(1000);\nh tail(2000);\nh tail(3000);\nh tail(4000);\nh if (ready) {\nA   first_thing(alpha);\nA   second_thing(beta);\nA   third_thing(gamma);\nh }\n",
    );
  });

  it("follows one long line that stands once, not a short one", () => {
    expectCarry(
      "A const configuration_of_everything = load();\nh a100();\nh a200();\n",
      "h",
      "h a100();\nh a200();\nA const configuration_of_everything = load();\n",
    );
    expectCarry("A f(foo);\nh a100();\n", "h", "h a100();\nh b200();\nh b300();\nh f(foo);\n");
  });

  it("follows a short one too where nothing else was written", () => {
    expectCarry("A f(foo);\nh a100();\nh a200();\n", "h", "h a100();\nh a200();\nA f(foo);\n");
  });

  it("leaves a human's trivial lines human though an AI wrote the same", () => {
    expectCarry(
      "A function f() {\nA   return null;\nA }\n",
      "h",
      "A function f() {\nA   return null;\nA }\nh function g() {\nh   return null;\nh }\n",
    );
  });

  it("calls a human's copy of an AI block AI", () => {
    expectCarry(block("A"), "h", `${block("A")}${block("A")}`);
  });

  it("gives an AI its copy of a human block", () => {
    expectCarry(block("h"), "A", `${block("h")}${block("A")}`);
  });

  it("gives a file that a human wrote anew to the human, braces too", () => {
    expectCarry(
      `
      A function load(path) {
      A   const bytes = read(path);
      A   return decode(bytes);
      A }
      A 
      A export { load };
      `,
      "h",
      `
      h import { store } from "./store";
      h 
      h class Cache {
      h   constructor() { this.map = new Map(); }
      h }
      `,
    );
  });

  it("gives a rewritten middle to its writer, and the closing brace of the whole stays", () => {
    expectCarry(
      `
      A class Loader {
      A   open(path) {
      A     this.file = path;
      A   }
      A   read(size) {
      A     return this.buffer;
      A   }
      A }
      `,
      "h",
      `
      A class Loader {
      h   get total() {
      h     const counted = [...everything];
      h   }
      h   static of(words) {
      h     for (const w of words) yield_to(w);
      A   }
      A }
      `,
    );
  });

  it("remembers which line a person changed that was no AI's, however often it is changed after that", () => {
    const overOf = (text: AttributedText) =>
      text.origins.map((origin) => (origin.kind === "human" ? origin.over : undefined));
    const first = attributed("? one.go(two, three);\nh four.go(five, six);\nA seven.go(eight, nine);\n");
    const second = carry(first, plain("one.go(two, x);\nfour.go(y, six);\nseven.go(eight, z);\n"), ORIGINS.h);
    const third = carry(
      second,
      plain("one.go(v, x);\nfour.go(y, w);\nmine.does(something, else_again);\n"),
      ORIGINS.h,
    );
    const lines = first.lines.slice(0, 2).map((line) => fingerprintLine(line));
    expect(overOf(second)).toEqual([...lines, undefined]);
    expect(overOf(third)).toEqual([...lines, undefined]);
    expect(toBlock(third)).toBe("i one.go(v, x);\nh four.go(y, w);\nh mine.does(something, else_again);\n");
  });

  it("does not take the brace of the function before an inserted one", () => {
    expectCarry("h f() {\nh }\n", "A", "h f() {\nA   body();\nh }\nA \nA g() {\nA   more();\nA }\n");
  });

  it("deletes the AI's function, not the human's brace", () => {
    expectCarry("h f() {\nh   one();\nh }\nA g() {\nA   two();\nA }\n", "h", "h f() {\nh   one();\nh }\n");
  });

  it("follows bytes that are not UTF-8 and letters that end in the byte A0", () => {
    const old = { lines: ["caf\xe9 \xff\xfe one\n", "voil\xc3\xa0\n"], origins: [ORIGINS.A, ORIGINS.h] };
    const result = carry(old, ["  caf\xe9 \xff\xfe one\r\n", "voil\xc3\r\n"], ORIGINS.h);
    expect(result.origins).toEqual([ORIGINS.A, ORIGINS.h]);
    expect(
      carry({ lines: ["et puis voil\xc3\xa0\n"], origins: [ORIGINS.A] }, ["et puis voil\xc3\n"], ORIGINS.h)
        .origins,
    ).toEqual([ORIGINS.a]);
  });

  it("changes nothing but the changed lines of a long file", () => {
    const lines = Array.from({ length: 10_000 }, (_, i) =>
      i % 5 === 4 ? "}\n" : `  const value_${i} = compute(${i}, other_${i % 13});\n`,
    );
    const old = { lines, origins: lines.map((_, i) => (i % 2 === 0 ? ORIGINS.A : ORIGINS.h)) };
    const next = lines.toSpliced(5000, 2, "  typed_by_hand();\n", "  const z = 3;\n");
    const { origins } = carry(old, next, ORIGINS.h);
    const rest = (all: readonly unknown[]) => [...all.slice(0, 5000), ...all.slice(5002)];
    expect(rest(origins)).toEqual(rest(old.origins));
  });
});
