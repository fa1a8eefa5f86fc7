// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { PlanHeader, PlanOrigin } from "../infrastructure/index.ts";
import { PLAIN_PALETTE } from "./palette.ts";
import { formatSavedPlan } from "./saved-plan-text.ts";

const HEADER: PlanHeader = {
  version: "1.11.4",
  mode: "normal",
  targets: [],
  excludes: [],
  replaced: [],
  later: [],
  backend: "s3",
  state: [
    { name: "bucket", value: "net" },
    { name: "key", value: "prod.tfstate" },
  ],
  workspace: "default",
  isErrored: false,
};
const ORIGIN: PlanOrigin = {
  status: "same",
  root: "",
  modules: 1,
  files: 2,
  differences: [],
  unknown: [],
  unchecked: ["the state"],
};
const show = (header: Partial<PlanHeader>, origin: Partial<PlanOrigin>) =>
  formatSavedPlan(
    {
      sha256: "a".repeat(64),
      commit: "b".repeat(40),
      header: { ...HEADER, ...header },
      origin: { ...ORIGIN, ...origin },
    },
    { palette: PLAIN_PALETTE, width: 120 },
  );

describe("what is said of a saved plan", () => {
  it("begins with the digest of what is applied, and ends with what was not checked", () => {
    expect(show({}, {})).toEqual([
      `the plan file sha256:${"a".repeat(64)}`,
      "  · made by version 1.11.4, for the workspace default, whose state is in s3 (bucket net, key prod.tfstate)",
      "  ✔ made from bbbbbbbbbbbb, in its top folder: 2 files of 1 module are the same, byte for byte",
      "  · not checked: the state",
    ]);
  });

  it("names every file that differs, and why nobody can tell", () => {
    const differs = show(
      {},
      { status: "differs", root: "infra", differences: [{ path: "infra/a.tf", reason: "other" }] },
    );
    expect(differs).toContain("  ✘ not made from bbbbbbbbbbbb, in infra");
    expect(differs).toContain("  ✘ infra/a.tf: other");
    const unknown = show({}, { status: "unknown", unknown: ["module.vpc is elsewhere"] });
    expect(unknown).toContain("  ? nobody can tell whether it was made from bbbbbbbbbbbb, in its top folder");
    expect(unknown).toContain("  ? module.vpc is elsewhere");
  });

  it("says how many more there are, and never what a terminal would obey", () => {
    const differences = Array.from({ length: 25 }, (_, i) => ({ path: `${i}\u001b[2J.tf`, reason: "x\ny" }));
    const lines = show({ workspace: "\u001b]0;x\u0007" }, { status: "differs", differences });
    expect(lines).toContain("  ✘ … and 5 more");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
    expect(lines.filter((line) => /[\u0000-\u001f]/.test(line))).toEqual([]);
  });

  it.each([
    [{ mode: "destroy" }, "made with -destroy: it deletes what it manages"],
    [{ mode: "refresh-only" }, "made with -refresh-only: it changes the state and nothing that runs"],
    [{ targets: ["a.b", "c.d"] }, "made with -target a.b, c.d: everything else is left as it is"],
    [{ excludes: ["a.b"] }, "made with -exclude a.b: these are left as they are"],
    [{ replaced: ["a.b"] }, "made with -replace a.b: made anew though nothing asks for it"],
    [
      { later: ["token"] },
      "asks again when it is applied for the variables token: nobody can review their values now",
    ],
    [{ isErrored: true }, "the planning ended in an error: it cannot be applied"],
  ] as const)("names what the configuration does not say: %j", (header, words) => {
    expect(show(header, {})).toContain(`  ! ${words}`);
  });
});
