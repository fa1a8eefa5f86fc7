// SPDX-License-Identifier: Apache-2.0
import { tmpdir, userInfo } from "node:os";
import { expect, test } from "vitest";
import { homeFolder } from "./home-folder.ts";

test("an empty HOME is none, and never the folder where the command was called", () => {
  expect(homeFolder({ HOME: tmpdir() })).toBe(tmpdir());
  expect(homeFolder({ HOME: "" })).toBe(userInfo().homedir);
});

test("a HOME that depends on where one stands is refused, with what was expected", () => {
  expect(() => homeFolder({ HOME: "somewhere" })).toThrow(/HOME is "somewhere"; expected the absolute path/);
});
