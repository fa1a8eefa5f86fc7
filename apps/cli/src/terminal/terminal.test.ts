// SPDX-License-Identifier: Apache-2.0
import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { wantsColor } from "./colors.ts";
import { createOutput } from "./output.ts";
import { createProgress, formatProgress } from "./progress.ts";

describe("colour", () => {
  it.each([
    [undefined, {}, true, true],
    [undefined, {}, false, false],
    [undefined, { TERM: "dumb" }, true, false],
    [undefined, { NO_COLOR: "1" }, true, false],
    [undefined, { NO_COLOR: "" }, true, true],
    [undefined, { FORCE_COLOR: "1" }, false, true],
    [undefined, { FORCE_COLOR: "0" }, true, false],
    [undefined, { NO_COLOR: "1", FORCE_COLOR: "1" }, true, false],
    [true, { NO_COLOR: "1" }, false, true],
    [false, { FORCE_COLOR: "1" }, true, false],
  ])("with flag %s, environment %j and terminal %s is %s", (flag, env, isTerminal, expected) => {
    expect(wantsColor(flag, env, isTerminal)).toBe(expected);
  });
});

describe("progress", () => {
  it("shows a bar, counts and the time left once the total is known", () => {
    expect(formatProgress("scanning", 50, 200, 2)).toBe(
      `scanning ${"█".repeat(8)}${"░".repeat(22)} 25 % · 50 of 200 · 6 s left`,
    );
    expect(formatProgress("scanning", 50, undefined, 2)).toBe("scanning 50 · 25/s");
    expect(formatProgress("scanning", 0, 0, 0)).toContain("100 %");
    expect(formatProgress("scanning", 300, 200, 1)).toBe("scanning 300 · 300/s");
  });

  it("writes nothing where nobody looks, nor for short work", () => {
    for (const isShown of [false, true]) {
      const stream = new PassThrough();
      const progress = createProgress(stream, isShown, "scanning");
      for (let i = 0; i < 10_000; i++) progress.advance();
      progress.clear();
      expect(stream.read()).toBeNull();
    }
  });
});

describe("output", () => {
  it("waits for its reader instead of filling memory", async () => {
    const stream = new PassThrough({ highWaterMark: 1024 });
    const output = createOutput(stream);
    let isDone = false;
    const writing = output.write("x".repeat(200_000)).then(() => {
      isDone = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(isDone).toBe(false);
    stream.resume();
    await writing;
    await output.finish();
    expect(isDone).toBe(true);
  });

  it("passes on that its reader has gone", async () => {
    const stream = new PassThrough();
    const output = createOutput(stream);
    stream.destroy(Object.assign(new Error("gone"), { code: "EPIPE" }));
    await new Promise((resolve) => setTimeout(resolve, 5));
    await expect(output.write("x".repeat(100_000))).rejects.toThrow("gone");
  });
});
