// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { parseTold } from "./told-by-shell.ts";

const TREE = "1".repeat(40);
const [OLD, NEW] = ["2".repeat(40), "3".repeat(40)];
const row = (path: string) => `:100644 100644 ${OLD} ${NEW} M\0${path}\0`;
const blob = (id: string, text: string) => `${id} blob ${Buffer.byteLength(text)}\n${text}\n`;

interface Told {
  readonly settings?: string;
  readonly rows?: string;
  readonly end?: string;
  readonly objects?: string;
}

function tell({ settings = "", rows = "", end = "ok\n", objects = "" }: Told) {
  return parseTold(Buffer.from(`${TREE}\n${settings}\0${rows}${end}${objects}`, "latin1"));
}

describe("what the shell hook told", () => {
  test("is tree, settings, rows and objects, whatever the paths and contents are", () => {
    const rows = row("ok\n") + row(":100644") + row("a b");
    const told = tell({
      settings: "countersign.trailer\nfalse\0core.commentchar\n;\0",
      rows,
      objects: `${blob(OLD, "ok\n")}HEAD:gone missing\n${blob(NEW, `${OLD} blob 3\nabc\n\n`)}`,
    });
    expect(told?.staged.tree).toBe(TREE);
    expect(told?.staged.rows.toString("latin1")).toBe(rows);
    expect(told?.settings).toEqual({ isTrailerWanted: false, commentChar: ";", cleanup: undefined });
    expect([...(told?.objects.keys() ?? [])]).toEqual([OLD, NEW]);
    expect(Buffer.from(told?.objects.get(NEW)?.bytes ?? []).toString()).toBe(`${OLD} blob 3\nabc\n\n`);
  });

  test("may be that nothing is staged, set or read ahead", () => {
    expect(tell({})).toMatchObject({ settings: { isTrailerWanted: true } });
    expect(tell({})?.objects.size).toBe(0);
    expect(tell({ rows: row("a") })?.staged.rows.length).toBe(row("a").length);
  });

  test.each([
    ["no answer of git diff-index", { rows: row("a"), end: "" }],
    ["a row that is cut off", { rows: row("a").slice(0, -1), end: "" }],
    ["another word than ok", { rows: row("a"), end: "no\n" }],
  ])("is nothing with %s", (_, told) => {
    expect(tell(told)).toBeUndefined();
  });

  test("is nothing without a tree, as on an index with conflicts", () => {
    expect(parseTold(Buffer.from("\0ok\n"))).toBeUndefined();
    expect(parseTold(Buffer.alloc(0))).toBeUndefined();
  });

  test.each([
    ["cut off in a content", blob(OLD, "text").slice(0, -3)],
    ["cut off in a head", `${blob(OLD, "text")}${NEW} blo`],
    ["of a size that is none", `${OLD} blob -1\n`],
    ["of a size beyond all that is there", `${OLD} blob 99999999\nx\n`],
  ])("holds no objects that are %s", (_, objects) => {
    expect(tell({ objects })?.objects.size).toBe(0);
  });
});
