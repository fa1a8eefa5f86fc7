// SPDX-License-Identifier: Apache-2.0
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createTemporaryFolder } from "@countersign/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { countersign } from "../command.fixture.ts";
import { buildShippedProject, type ShippedProject } from "./shipped-project.fixture.ts";

const SCHEMA = z.fromJSONSchema(
  JSON.parse(await readFile(join(import.meta.dirname, "../../../../specs/audit-report.schema.json"), "utf8")),
);

let project: ShippedProject;
beforeAll(async () => {
  project = await buildShippedProject();
});
afterAll(() => project.repo.remove());

const report = (...args: string[]) => countersign(["report", ...args], { cwd: project.repo.path });

describe("countersign report", () => {
  it("tells of every change between two tags who wrote and who reviewed it", async () => {
    const { stdout, exitCode, stderr } = await report("v1..v2", "--json");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    const document = JSON.parse(stdout);
    expect(SCHEMA.safeParse(document)).toMatchObject({ success: true });
    expect(document.totals).toMatchObject({ changes: 4, commits: 5, assisted: 2, signedOff: 1 });
    expect(document.totals.lines).toEqual({ added: 6, ai: 2, claimed: 2, human: 0, unknown: 2 });
    // Nothing says who owns what, so nothing is called unowned either.
    expect(document.totals.byTeam).toEqual([]);
    const [revert, docs, web, net] = document.changes;
    expect(net).toMatchObject({
      title: "net: route it",
      state: "recorded",
      verdict: "pass",
      tools: [{ tool: "claude-code", model: "claude-opus-4-8", evidence: "observed", lines: 2 }],
      signOffs: [{ person: "senior", decision: "approve", counted: true, cover: "exact" }],
      sessions: [{ tool: "claude-code", session: "s-1" }],
      afterwards: { revertedBy: [revert.head] },
      gaps: [],
    });
    expect(web).toMatchObject({ state: "declared", verdict: "pending", gaps: ["no-sign-off"] });
    expect(docs).toMatchObject({ state: "unknown", verdict: "pass", gaps: ["unknown-provenance"] });
    expect(document.gaps[0]).toMatchObject({ code: "no-sign-off", severity: "high", count: 1 });
    expect(document.surviving).toMatchObject({ files: 1, filesLeft: 0, lines: 2, ai: 0, claimed: 2 });
  });

  it("writes every format in one run, and each holds the same answer", async () => {
    const formats = ["markdown", "json", "csv", "html", "terminal"] as const;
    const paths = formats.map((format) => join(project.repo.path, `.git/report.${format}`));
    const writes = formats.flatMap((format, i) => ["--write", `${format}=${paths[i]}`]);
    const { stdout, exitCode } = await report("--base", "v1", "--head", "v2", ...writes);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("2 of 4 changes (50 %) had help from an AI");
    const texts = await Promise.all(paths.map((path) => readFile(path, "utf8")));
    for (const text of texts) expect(text.replaceAll("\\", "")).toContain("web: a page");
    expect(texts[4]).toBe(stdout);
  });

  it("says of a shallow clone that it cannot tell, and how to mend that (T39)", async () => {
    await using folder = await createTemporaryFolder();
    const clone = join(folder.path, "clone");
    await project.repo.git(["clone", "--quiet", "--depth", "2", `file://${project.repo.path}`, clone]);
    const { stdout, stderr, exitCode } = await countersign(["report"], { cwd: clone });
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
    expect(stderr).toContain("this is a shallow clone: what shipped may be cut off");
    expect(stderr).toContain("git fetch --unshallow");
  });

  it("begins with the first commit where no base is given", async () => {
    const { stdout } = await report("--json", "--blame-seconds", "0");
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({ base: null, surviving: null });
    expect(document.totals.changes).toBe(5);
    expect(document.changes.at(-1)).toMatchObject({
      verdict: null,
      gaps: ["no-policy", "unknown-provenance"],
    });
  });

  it.each([
    [["v1...v2"], "is no range"],
    [["v1"], "is no range"],
    [["v1..v2", "--base", "v1"], "say the same twice"],
    [["v1..nowhere"], "names no commit"],
    [["--write", "pdf=x"], "expected FORMAT=FILE"],
    [["--depth", "0"], "expected a number"],
    [["--target", "main"], "main"],
  ])("refuses %j with what was expected", async (args, reason) => {
    const { exitCode, stderr } = await report(...args);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(reason);
  });
});
