// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { toRawBytes } from "../ids/index.ts";
import { isPlainText } from "./display-text.ts";
import { EVIL_TEXTS } from "./sample-report.fixture.ts";
import { shellWord } from "./shell-word.ts";

describe("a word of a shell command", () => {
  it("reaches the program exactly as it was, whatever it holds", () => {
    for (const text of EVIL_TEXTS.filter((evil) => !evil.includes("\0"))) {
      const printed = execFileSync("bash", ["-c", `printf %s ${shellWord(text)}`]);
      expect([...printed], JSON.stringify(text)).toEqual([...toRawBytes(text)]);
    }
  });

  it("is plain where it can be", () => {
    expect(shellWord("refs/heads/main")).toBe("refs/heads/main");
    expect(shellWord("$(id)")).toBe("'$(id)'");
  });

  it("shows nothing that acts on the terminal", () => {
    for (const text of EVIL_TEXTS) expect(isPlainText(shellWord(text).replaceAll("\\", ""))).toBe(true);
  });
});
