// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CoreError } from "../../ids/index.ts";
import { formatGitAiNote } from "./format-note.ts";
import { GIT_AI_SCHEMA, type GitAiNote } from "./note.ts";
import { toHumanKey, toPromptKey, toSessionKey } from "./note-keys.ts";
import { findPathObstacle } from "./note-path.ts";
import { OLD_NOTE, PROMPT_NOTE, SESSION_NOTE } from "./notes.fixture.ts";
import { parseGitAiNote } from "./parse-note.ts";

const MALFORMED = expect.objectContaining({ code: "NOTE_MALFORMED" });
const METADATA = `{"schema_version":"${GIT_AI_SCHEMA}","base_commit_sha":"","prompts":{}}`;
const pathsOf = (note: GitAiNote) => note.files.map(({ path }) => path);

describe("parseGitAiNote", () => {
  it("reads sessions, humans and quoted paths", () => {
    const { files, metadata } = parseGitAiNote(SESSION_NOTE);
    expect(files).toEqual([
      {
        path: "src/main.rs",
        entries: [
          { key: "h_31dce776f88375", ranges: [{ first: 35, last: 40 }] },
          {
            key: "s_c9883b05a2487d::t_9f8e7d6c5b4a32",
            ranges: [
              { first: 1, last: 10 },
              { first: 15, last: 20 },
            ],
          },
        ],
      },
      {
        path: "src/my file.rs",
        entries: [
          {
            key: "s_c9883b05a2487d::t_0123456789abcd",
            ranges: [
              { first: 1, last: 4 },
              { first: 9, last: 9 },
              { first: 12, last: 12 },
            ],
          },
        ],
      },
    ]);
    expect(metadata.sessions.get("s_c9883b05a2487d")?.agent.tool).toBe("claude");
    expect(metadata.humans.get("h_31dce776f88375")?.author).toBe("Author <author@example.org>");
  });

  it.each([SESSION_NOTE, PROMPT_NOTE])("writes back what it read, byte for byte", (text) => {
    expect(formatGitAiNote(parseGitAiNote(text))).toBe(text);
  });

  it("reads notes of old versions, with members that are gone, and CRLF", () => {
    for (const text of [OLD_NOTE, OLD_NOTE.replaceAll("\n", "\r\n")]) {
      const { files, metadata } = parseGitAiNote(text);
      expect(files[0]?.entries.map(({ key }) => key)).toEqual(["1a2b3c4", "1234567"]);
      expect(metadata.prompts.get("1a2b3c4")).toMatchObject({ humanAuthor: null, totalAdditions: 0 });
      expect(metadata.gitAiVersion).toBeNull();
    }
  });

  it("reads several notes one after another, the later ones on top", () => {
    for (const between of ["\n", "\n\n", ""]) {
      const { files, metadata } = parseGitAiNote(`${PROMPT_NOTE}${between}${SESSION_NOTE}\n\n${OLD_NOTE}\n`);
      expect(files).toHaveLength(4);
      expect(metadata.prompts.size).toBe(3);
      expect(metadata.sessions.size).toBe(1);
    }
    const twice = parseGitAiNote(`${PROMPT_NOTE}\n${PROMPT_NOTE}`);
    expect(twice.files).toHaveLength(1);
    expect(twice.files[0]?.entries).toHaveLength(2);
  });

  it("reads tens of thousands of notes one after another in a time that grows as they do", () => {
    const entries = parseGitAiNote(SESSION_NOTE).files[0]?.entries.length ?? 0;
    const { files } = parseGitAiNote(SESSION_NOTE.repeat(20_000));
    expect(files[0]?.entries).toHaveLength(20_000 * entries);
  }, 10_000);

  it("reads a note without attestations, and drops a file without entries", () => {
    expect(parseGitAiNote(`---\n${METADATA}`).files).toEqual([]);
    expect(pathsOf(parseGitAiNote(`empty.rs\n\nb.rs\n  k 1\nlast.rs\n---\n${METADATA}`))).toEqual(["b.rs"]);
  });

  it.each([
    ["an empty part", "1,,3,", [1, 3]],
    ["a plus sign, as Rust's numbers may have", "+2", [2]],
    ["line 0 and reversed ends, for the caller to judge", "0,9-3", [0, 9]],
    ["the highest number", "4294967295", [4294967295]],
  ])("reads %s", (_, ranges, firsts) => {
    const note = parseGitAiNote(`a.rs\n  k ${ranges}\n---\n${METADATA}`);
    expect(note.files[0]?.entries[0]?.ranges.map(({ first }) => first)).toEqual(firsts);
  });

  it.each([
    ["no divider", METADATA],
    ["an indented divider", `a\n  k 1\n  ---\n${METADATA}`],
    ["an entry before any file", `  k 1\n---\n${METADATA}`],
    ["an entry without ranges", `a\n  k\n---\n${METADATA}`],
    ["ranges that are no numbers", `a\n  k one\n---\n${METADATA}`],
    ["ranges with blanks", `a\n  k 1, 2\n---\n${METADATA}`],
    ["a number beyond 32 bits", `a\n  k 4294967296\n---\n${METADATA}`],
    ["a negative number", `a\n  k -5\n---\n${METADATA}`],
    ["no metadata", "a\n  k 1\n---\n"],
    ["metadata that is no JSON", "---\n{,}"],
    ["metadata that does not end", "---\n{"],
    ["metadata that is a list", "---\n[]"],
    ["no prompts", `---\n{"schema_version":"${GIT_AI_SCHEMA}","base_commit_sha":""}`],
    [
      "a prompt without agent",
      `---\n{"schema_version":"${GIT_AI_SCHEMA}","base_commit_sha":"","prompts":{"k":{}}}`,
    ],
    ["a path that is the divider", `---\n  k 1\n---\n${METADATA}`],
    ["something after the metadata", `---\n${METADATA}\nx`],
    ["lines sorted by a merge", [...new Set(SESSION_NOTE.split("\n"))].sort().join("\n")],
  ])("refuses %s", (_, text) => {
    expect(() => parseGitAiNote(text)).toThrow(MALFORMED);
  });

  it("says so when the version is another", () => {
    for (const version of ["authorship/2.0.0", "authorship/4.0.0", ""]) {
      expect(() => parseGitAiNote(`---\n${METADATA.replace(GIT_AI_SCHEMA, version)}`)).toThrow(
        expect.objectContaining({ code: "NOTE_VERSION_UNKNOWN" }),
      );
    }
  });

  it("either reads garbage or refuses it with a code", () => {
    const garbage = fc.array(
      fc.constantFrom(
        "---",
        "\n",
        "  ",
        "k ",
        "1-3",
        ",",
        '"',
        "a b",
        METADATA,
        "{",
        "}",
        "\r\n",
        "\\",
        "é",
        "\0",
      ),
      { maxLength: 14 },
    );
    fc.assert(
      fc.property(
        fc.oneof(
          garbage.map((parts) => parts.join("")),
          fc.string(),
        ),
        (text) => {
          try {
            parseGitAiNote(text);
          } catch (error) {
            expect(error).toBeInstanceOf(CoreError);
            expect((error as CoreError).code).toMatch(/^NOTE_/);
          }
        },
      ),
      { numRuns: 3000 },
    );
  });
});

describe("formatGitAiNote", () => {
  const path = fc.oneof(
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 10 }),
    fc.string({ unit: fc.constantFrom(...'-" \t\n\r ab.\u00a0\u3000'), minLength: 1, maxLength: 5 }),
  );

  it("holds every path that it does not object to", () => {
    fc.assert(
      fc.property(fc.uniqueArray(path, { maxLength: 5 }), (paths) => {
        const files = paths
          .filter((one) => findPathObstacle(one) === undefined)
          .map((one) => ({ path: one, entries: [{ key: "k", ranges: [{ first: 1, last: 2 }] }] }));
        const note = { files, metadata: parseGitAiNote(`---\n${METADATA}`).metadata };
        expect(parseGitAiNote(formatGitAiNote(note))).toEqual(note);
      }),
      { numRuns: 2000 },
    );
  });

  it.each(["---", '"', '""', '"quoted"', "a\nb", "a\r", "a\u00a0", "\udc80"])(
    "objects to the path %j",
    (bad) => {
      expect(findPathObstacle(bad)).toBeTypeOf("string");
      const note = { ...parseGitAiNote(`---\n${METADATA}`), files: [{ path: bad, entries: [] }] };
      expect(() => formatGitAiNote(note)).toThrow(MALFORMED);
    },
  );

  it.each(["-- -", '"half', 'half"', 'a"b', "a b", " lead", "trail ", "a\tb", "--- x", "日本語", "e\u0301"])(
    "holds the path %j",
    (good) => {
      expect(findPathObstacle(good)).toBeUndefined();
    },
  );

  it("sorts maps by their keys' bytes, also keys of digits, and ranges by their start", () => {
    const old = parseGitAiNote(OLD_NOTE);
    const files = [
      {
        path: "a",
        entries: [
          {
            key: "k",
            ranges: [
              { first: 19, last: 222 },
              { first: 1, last: 1 },
            ],
          },
        ],
      },
    ];
    const prompts = new Map(
      [...old.metadata.prompts].flatMap(([key, prompt]) => [[`a${key}`, prompt] as const, [key, prompt]]),
    );
    const text = formatGitAiNote({ files, metadata: { ...old.metadata, prompts } });
    expect(text).toContain("\n  k 1,19-222\n---\n");
    expect([...text.matchAll(/^ {4}"(\w+)": /gm)].map((match) => match[1])).toEqual([
      "1234567",
      "1a2b3c4",
      "a1234567",
      "a1a2b3c4",
    ]);
    expect(text.endsWith("}")).toBe(true);
  });

  it("escapes what JSON must, and nothing more", () => {
    const text = formatGitAiNote({
      files: [],
      metadata: {
        gitAiVersion: 'a"\\\n\u0001\u007fé\u2028\ud800',
        baseCommit: "",
        prompts: new Map(),
        humans: new Map(),
        sessions: new Map(),
      },
    });
    expect(text).toContain('"git_ai_version": "a\\"\\\\\\n\\u0001\u007fé\u2028\ufffd"');
    expect(text).toContain('"prompts": {}\n}');
  });

  it.each([
    [0, 1],
    [3, 2],
    [1.5, 2],
  ])("refuses lines %d to %d", (first, last) => {
    const files = [{ path: "a", entries: [{ key: "k", ranges: [{ first, last }] }] }];
    expect(() => formatGitAiNote({ ...parseGitAiNote(OLD_NOTE), files })).toThrow(MALFORMED);
  });
});

describe("keys", () => {
  const hex = (text: string) => createHash("sha256").update(text).digest("hex");
  it("are the beginnings of the hashes that the standard names", () => {
    expect(toSessionKey("claude", "abc")).toBe(`s_${hex("claude:abc").slice(0, 14)}`);
    expect(toPromptKey("cursor", "session_123")).toBe(hex("cursor:session_123").slice(0, 16));
    expect(toHumanKey("Author <author@example.org>")).toBe(
      `h_${hex("Author <author@example.org>").slice(0, 14)}`,
    );
  });
});
