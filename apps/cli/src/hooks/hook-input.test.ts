// SPDX-License-Identifier: Apache-2.0

import { findCommentChar } from "@countersign/recorder";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findPusher, linePrefix, toQuarantine } from "./hook-environment.ts";
import { parsePushedRefs } from "./parse-pushed-refs.ts";
import { parseRefUpdates } from "./parse-ref-updates.ts";

const NULL = "0".repeat(40);
const ONE = "1".repeat(40);
const id = fc.stringMatching(/^[0-9a-f]{40}$/).filter((text) => text !== NULL);
const name = fc.stringMatching(/^[a-z0-9$;'"`&|<>()é€-]{1,20}$/).map((text) => `refs/heads/${text}`);

describe("the lines of pre-receive and post-receive", () => {
  it("come back as they were written", () => {
    const updates = fc.uniqueArray(fc.record({ old: fc.oneof(id, fc.constant(NULL)), new: id, ref: name }), {
      selector: ({ ref }) => ref,
    });
    fc.assert(
      fc.property(updates, (rows) => {
        const text = rows.map((row) => `${row.old} ${row.new} ${row.ref}\n`).join("");
        expect(parseRefUpdates(Buffer.from(text))).toEqual(rows);
      }),
    );
  });

  it("are never partly read: any other bytes are refused or mean exactly what stands there", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          const updates = parseRefUpdates(bytes);
          expect(
            updates.map((row) => `${row.old} ${row.new} ${row.ref}\n`).join("").length,
          ).toBeLessThanOrEqual(bytes.length + 1);
        } catch (error) {
          expect((error as Error).name).toBe("UsageError");
        }
      }),
    );
  });

  it.each([
    ["a short id", `123 ${ONE} refs/heads/x\n`],
    ["ids of two formats", `${ONE} ${"2".repeat(64)} refs/heads/x\n`],
    ["nothing to nothing", `${NULL} ${NULL} refs/heads/x\n`],
    ["a short name", `${NULL} ${ONE} main\n`],
    ["a name with a space", `${NULL} ${ONE} refs/heads/a b\n`],
    ["a name with a control character", `${NULL} ${ONE} refs/heads/a\u001b[31m\n`],
    ["an empty line between", `${NULL} ${ONE} refs/heads/a\n\n${NULL} ${ONE} refs/heads/b\n`],
    ["one ref twice", `${NULL} ${ONE} refs/heads/a\n${NULL} ${"2".repeat(40)} refs/heads/a\n`],
    ["upper-case ids", `${NULL} ${"A".repeat(40)} refs/heads/a\n`],
  ])("are refused with %s", (_what, text) => {
    expect(() => parseRefUpdates(Buffer.from(text))).toThrow("as Git writes them to this hook");
  });

  it("keep a ref name of any bytes", () => {
    const bytes = Buffer.concat([
      Buffer.from(`${NULL} ${ONE} refs/heads/`),
      Buffer.from([0xff, 0xfe]),
      Buffer.from("\n"),
    ]);
    expect(parseRefUpdates(bytes)).toEqual([{ ref: "refs/heads/\udcff\udcfe", old: NULL, new: ONE }]);
  });
});

describe("the lines of pre-push", () => {
  it("may name any revision, and nothing to push is no line", () => {
    expect(
      parsePushedRefs(
        Buffer.from(`HEAD~1 ${ONE} refs/heads/x ${NULL}\n(delete) ${NULL} refs/heads/y ${ONE}\n`),
      ),
    ).toEqual([
      { ref: "refs/heads/x", local: ONE, remote: NULL },
      { ref: "refs/heads/y", local: NULL, remote: ONE },
    ]);
    expect(parsePushedRefs(Buffer.from("\n"))).toEqual([]);
    expect(() => parsePushedRefs(Buffer.from("hello\n"))).toThrow("as Git writes them to this hook");
  });
});

describe("a hook's environment", () => {
  it("hands on the quarantine with absolute paths, and leaves quoted lists alone", () => {
    const env = {
      GIT_DIR: ".",
      GIT_OBJECT_DIRECTORY: "objects/incoming",
      GIT_ALTERNATE_OBJECT_DIRECTORIES: "objects:/srv/shared",
      GIT_INDEX_FILE: "x",
      GIT_WORK_TREE: "/",
    };
    expect(toQuarantine(env, "/srv/p.git")).toEqual({
      GIT_DIR: "/srv/p.git",
      GIT_OBJECT_DIRECTORY: "/srv/p.git/objects/incoming",
      GIT_ALTERNATE_OBJECT_DIRECTORIES: "/srv/p.git/objects:/srv/shared",
    });
    expect(toQuarantine({ GIT_ALTERNATE_OBJECT_DIRECTORIES: '"/a:b/objects"' }, "/x")).toEqual({
      GIT_ALTERNATE_OBJECT_DIRECTORIES: '"/a:b/objects"',
    });
    expect(toQuarantine({}, "/x")).toEqual({});
  });

  it.each([
    [{ REMOTE_USER: "web" }, "web"],
    [{ GL_USER: "gitolite" }, "gitolite"],
    [{ GL_USERNAME: "gitlab", GL_ID: "user-1" }, "gitlab"],
    [{ GITHUB_USER_LOGIN: "enterprise" }, "enterprise"],
    [{ REMOTE_USER: "" }, null],
    [{}, null],
  ])("names who pushes: %j", (env, expected) => {
    expect(findPusher(env)).toBe(expected);
  });

  it("knows GitLab", () => {
    expect([linePrefix({ GL_PROTOCOL: "web" }), linePrefix({ GL_USER: "x" })]).toEqual(["GL-HOOK-ERR: ", ""]);
  });
});

describe("the comment character of a message", () => {
  const scissors = "x\n# ------------------------ >8 ------------------------\ndiff\n";
  it.each([
    ["an editor was open", "x\n# y\n", {}, true, "#"],
    ["no editor was open", "x\n# y\n", {}, false, null],
    ["it is configured", "x\n; y\n", { commentChar: ";" }, true, ";"],
    ["Git chooses it", "x\n# y\n; written by Git\n", { commentChar: "auto" }, true, ";"],
    ["comments are text", "x\n# y\n", { cleanup: "verbatim" }, true, null],
    ["comments are text above no scissors", "x\n# y\n", { cleanup: "scissors" }, true, null],
    ["the scissors are there", scissors, { cleanup: "scissors" }, true, "#"],
    ["stripping is asked for without an editor", "x\n# y\n", { cleanup: "strip" }, false, "#"],
  ] as const)("where %s", (_what, message, settings, isEdited, expected) => {
    expect(
      findCommentChar(message, { commentChar: undefined, cleanup: undefined, ...settings, isEdited }),
    ).toBe(expected);
  });
});
