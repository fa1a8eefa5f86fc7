// SPDX-License-Identifier: Apache-2.0
import { openRepository } from "@countersign/git";
import { describe, expect, it } from "vitest";
import { deriveRecords } from "./derive-records.ts";
import { createHistory, type RecordedHistory } from "./recorded-history.fixture.ts";

const UNSEEN = { isRecorded: false } as const;

/** Files as a commit without a record leaves them. */
async function leaves(
  history: RecordedHistory,
  files: Readonly<Record<string, string | null>>,
): Promise<void> {
  await history.commit(files, UNSEEN);
}

describe("a file under another name", () => {
  it("that a squash brought and an amendment renamed: all that is known of the old name is near", async () => {
    await using history = await createHistory();
    const { repo } = history;
    await history.commit({ "base.js": "? base\n" });
    await repo.branch("side");
    await history.commit({ "a.js": "A const total = alpha.sum(1000);\nA beta.finish(total, weight);\n" });
    await history.commit({
      "a.js": "h gamma.start(engine);\n? const total = alpha.sum(1000);\nB delta.end(all);\n",
    });
    await repo.checkout("main");
    const all = "h gamma.start(engine);\nA const total = alpha.sum(1000);\nB delta.end(all);\n";
    await leaves(history, { "b.js": all });
    await history.expectFile("b.js", all);
  });

  it("whose old name goes in the next commit only", async () => {
    await using history = await createHistory();
    const old = ["? one(first, 1);", "? two(second, 2);", "? three(third, 3);", "? four(fourth, 4);"].join(
      "\n",
    );
    await history.commit({ "a.js": `${old}\nA five(fifth, thing, 5);\nA six(sixth, another, thing, 6);\n` });
    await leaves(history, {
      "b.js": `${old}\n? five(changed, by, somebody);\n? six(sixth, another, thing, 6);\n`,
    });
    await leaves(history, { "a.js": null });
    await history.expectFile(
      "b.js",
      `${old}\n? five(changed, by, somebody);\nA six(sixth, another, thing, 6);\n`,
    );
  });

  it("of which the next commit, no more recorded than the one that renamed it, changes a line of an AI's", async () => {
    await using history = await createHistory();
    const rest = "? two(second, 2);\n? three(third, 3);\n? four(fourth, 4);\n";
    await history.commit({ "a.js": `A one(first, thing, 1);\n${rest}` });
    await leaves(history, { "a.js": null, "b.js": `A one(first, thing, 1);\n${rest}? five(fifth, 5);\n` });
    const changed = `a one(first, thing, 7);\n${rest}? five(fifth, 5);\n`;
    await leaves(history, { "b.js": changed });
    await history.expectFile("b.js", changed);
  });

  it("lends nothing to the commit before it, which is asked about at once with it", async () => {
    await using history = await createHistory();
    const text = "? one(first, thing, 1);\nA two(second, thing, 2);\n";
    await history.commit({ "a.js": text });
    const changed = text.replaceAll("\n", "\r\n");
    const before = await history.commit({ "a.js": changed }, UNSEEN);
    const renamed = await history.commit({ "a.js": null, "b.js": changed }, UNSEEN);
    const { records } = await deriveRecords(await openRepository(history.repo.path), [before, renamed]);
    expect(records.get(before)?.files).toMatchObject([
      { path: "a.js", ranges: [{ origin: "ai", extent: "generated", first: 2, last: 2 }] },
    ]);
  });

  it("of which a copy says nothing by its short lines", async () => {
    await using history = await createHistory();
    const old = "? one(first, 1);\n? two(second, 2);\n? three(third, 3);\n? four(fourth, 4);\n";
    await history.commit({ "a.js": `${old}A run(now);\nA stop(later, on);\n` });
    await leaves(history, { "b.js": `${old}? run(now);\n? own(work);\n` });
    await history.expectFile("b.js", `${old}? run(now);\n? own(work);\n`);
  });

  it("which is no copy where less than half of it is, or where it is short", async () => {
    await using history = await createHistory();
    await history.commit({
      "a.js":
        "A one(first, 1);\nA two(second, 2);\nA three(third, 3);\nA four(fourth, 4);\nA five(fifth, 5);\n",
      "c.js": "A import fs from fs;\nA start(engine);\n",
    });
    const some =
      "? one(first, 1);\n? own(work);\n? three(third, 3);\n? more(work);\n? five(fifth, 5);\n? last(work);\n";
    const short = "? import fs from fs;\n? stop(engine);\n";
    await leaves(history, { "b.js": `${some}? yet(more);\n`, "d.js": short });
    await history.expectFile("b.js", `${some}? yet(more);\n`);
    await history.expectFile("d.js", short);
  });

  it("of which a formatter broke lines and somebody changed others in the same commit", async () => {
    await using history = await createHistory();
    await history.commit({
      "a.js":
        "? top(of, it);\nA alpha.sum(total, weight, 1000);\nA beta.end(first);\nA gamma.go(engine, now);\nA fin();\n",
    });
    const more = Array.from({ length: 7 }, (_, i) => `? other.thing(${i}, unrelated);\n`).join("");
    const old = "A alpha.sum(\nA   total,\nA   weight,\nA   1000\nA );\n";
    const text = `? top(\n?   of, it);\n${old}${more}a gamma.go(engine, later);\nA fin();\n`;
    await leaves(history, { "a.js": null, "b.js": text });
    await history.expectFile("b.js", text);
  });
});

describe("a person's line", () => {
  const CALL = "h alpha.start(engine, weight);\n";
  const BROKEN = "h alpha.start(\nh   engine,\nh   weight\nh );\n";

  it("that a formatter broke stays the person's, other line ends or not", async () => {
    for (const end of ["\n", "\r\n"]) {
      await using history = await createHistory();
      await history.commit({ "a.js": `? one(first, 1);\n${CALL}h beta.end(all);\n` });
      const text = `? one(first, 1);\n${BROKEN}h beta.end(all);\n`.replaceAll("\n", end);
      await leaves(history, { "a.js": text });
      await history.expectFile("a.js", text);
    }
  });

  it("says nothing of what somebody made of it, nor of what was put beside it", async () => {
    await using history = await createHistory();
    await history.commit({ "a.js": `? one(first, 1);\n${CALL}h beta.end(all);\n` });
    const text = "? one(first, 1);\n? alpha.start(engine, height);\n? gamma.go(on);\nh beta.end(all);\n";
    await leaves(history, { "a.js": text });
    await history.expectFile("a.js", text);
  });
});

describe("a line that a commit takes from one file to another", () => {
  const REST = "A import fs from fs;\nA beta.finish(everything, that, began);\nA gamma.go(engine, now);\n";

  it("stays the agent's, though it was not all that the agent wrote at once", async () => {
    await using history = await createHistory();
    const line = "A const total = alpha.sum(weight, 1000);\n";
    await history.commit({ "a.js": `${line}${REST}`, "b.js": "? other(1);\n" });
    await leaves(history, { "a.js": null, "b.js": `? other(1);\n${line}` });
    await history.expectFile("b.js", `? other(1);\n${line}`);
  });

  it("says nothing where it is short, or where it stays in the agent's file", async () => {
    await using history = await createHistory();
    const line = "const total = alpha.sum(weight, 1000);\n";
    await history.commit({ "a.js": `${REST}A ${line}`, "b.js": "? other(1);\n" });
    const own = `? other(1);\n? import fs from fs;\n? ${line}`;
    await leaves(history, { "a.js": `${REST.slice(REST.indexOf("\n") + 1)}A ${line}`, "b.js": own });
    await history.expectFile("b.js", own);
  });
});
