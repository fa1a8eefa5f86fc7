// SPDX-License-Identifier: Apache-2.0
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { AuditReport } from "@countersign/core/audit";
import { createTemporaryFolder, type TemporaryFolder, tryRun } from "@countersign/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BUNDLE } from "../command.fixture.ts";
import { CHROMIUM, openInChromium, type View } from "./chromium.fixture.ts";
import { findNoHistory, type OwnShipment, shipOwnHistory } from "./own-history.fixture.ts";

const why = await findNoHistory();
if (why !== undefined) process.stderr.write(`SKIPPED the report on this project's own history: ${why}\n`);
if (CHROMIUM === undefined)
  process.stderr.write("SKIPPED the report on this project's own history in a browser: install chromium\n");

const MINUTES = 60_000;
let own: OwnShipment;
let folder: TemporaryFolder;
let report: AuditReport;
const place = (name: string) => join(folder.path, name);

describe.skipIf(why !== undefined)("this project's own history, shipped to a pretend production", () => {
  beforeAll(async () => {
    own = await shipOwnHistory();
    folder = await createTemporaryFolder();
    const writes = ["html", "json"].flatMap((format) => [
      "--write",
      `${format}=${place(`report.${format}`)}`,
    ]);
    const bundle = ["--bundle", place("bundle.json")];
    const { exitCode } = await own.countersign("report", "--log-key", own.logKey, ...writes, ...bundle);
    expect(exitCode).toBe(0);
    report = JSON.parse(await readFile(place("report.json"), "utf8"));
  }, 10 * MINUTES);
  afterAll(async () => {
    await own?.[Symbol.asyncDispose]();
    await folder?.remove();
  });

  it("is reported on whole: every change, what wrote it, and who signed", () => {
    // Then the policy, a merge, a fast-forward, a squash, a merge, and two pushes past the gate.
    expect(report.totals.changes).toBe(own.before + 7);
    expect(report.totals.signedOff).toBe(3);
    expect(report.totals.reviewers).toMatchObject([{ person: "senior", approvals: 3 }]);
    const assisted = [...report.changes].slice(0, 6).filter(({ isAssisted }) => isAssisted);
    expect(new Set(assisted.flatMap(({ tools }) => tools.map(({ tool }) => tool)))).toEqual(
      new Set(["claude-code", "codex"]),
    );
    expect(assisted.map(({ verdict }) => verdict)).toEqual(["pending", "pending", "pass", "pass", "pass"]);
    for (const { records } of assisted) expect(records.length).toBeGreaterThan(0);
    const squash = [...report.changes].find(({ title }) => title.endsWith("(#3)"));
    expect(squash?.tools.map(({ tool }) => tool)).toEqual(["codex"]);
    expect(squash?.signOffs.filter(({ counted }) => counted).map(({ person }) => person)).toEqual(["senior"]);
    // What was there before is nobody's that is known, though agents wrote some of the same lines again.
    expect(report.totals.assisted).toBe(5);
    expect(report.totals.lines.ai).toBeGreaterThan(0);
  });

  it("has what went past the gate on top, with the commits that it is about", () => {
    expect(report.gaps[0]).toMatchObject({ severity: "high" });
    for (const code of ["no-sign-off", "no-verdict"])
      expect(report.gaps.find((gap) => gap.code === code)?.items.map(({ change }) => change)).toContain(
        own.unapproved,
      );
  });

  it("went to production up to what was signed, and no further", async () => {
    const check = async (commit: string) => {
      const args = ["--environment", "production", "--target", "refs/heads/main", "--commit", commit];
      return await own.countersign("deploy", "check", ...args);
    };
    expect((await check(own.approved)).exitCode).toBe(0);
    const refused = await check(own.unapproved);
    expect(refused.exitCode).toBe(1);
    expect(refused.stdout).toContain("2 commit(s) landed without a verdict");
    const production = report.deployments.filter(({ environment }) => environment === "production");
    expect(production.map(({ head, verdict }) => [head, verdict]).at(-1)).toEqual([own.approved, "pass"]);
    expect(report.deployments.every(({ proof }) => proof !== null)).toBe(true);
  });

  it.each(["bundle.json", "report.html"])(
    "%s is sound on a machine that has neither repository nor Git",
    async (name) => {
      const empty = place("empty");
      await mkdir(empty, { recursive: true });
      await writeFile(join(empty, "copy"), await readFile(place(name)));
      const { stdout, exitCode } = await tryRun(
        process.execPath,
        [BUNDLE, "ledger", "verify", "--bundle", "copy", "--log-key", own.logKey],
        { cwd: empty, environment: { PATH: empty, HOME: empty, NO_COLOR: "1" } },
      );
      expect(stdout.toString()).toContain("✔ sound: the report follows from the evidence in this file");
      expect(stdout.toString()).toContain("3 sign-offs that follow from a statement");
      expect(exitCode).toBe(0);
    },
  );

  const VIEWS: readonly (readonly [string, View])[] = [
    ["light", { width: 1180, colours: "light" }],
    ["dark", { width: 1180, colours: "dark" }],
    ["narrow", { width: 390, colours: "light" }],
  ];
  it.skipIf(CHROMIUM === undefined).each(VIEWS)(
    "opens in a browser, %s: the five questions, the gaps, the proofs, and not a byte from elsewhere",
    async (name, view) => {
      const page = await openInChromium(place("report.html"), view);
      // For whoever wants to look: a test sees that it is there, not that it is beautiful.
      const kept = process.env.COUNTERSIGN_SCREENSHOTS;
      if (kept !== undefined) await writeFile(join(kept, `own-history-${name}.png`), page.png);
      expect(page.complaints).toEqual([]);
      expect(page.requests).toEqual([]);
      expect(page.overflow).toBe(0);
      expect(page.headings).toEqual([
        "What shipped, and who reviewed it",
        "Gaps in the record",
        "Deliveries",
        "Was AI used?",
        "Which tool and model?",
        "Who reviewed it?",
        "What was asked of it, as far as it was kept?",
        "What changed afterwards?",
        "Every change with AI, or with a gap",
        "Proofs",
      ]);
      for (const seen of ["claude-code", "codex", "senior", "AI-assisted without a sign-off"])
        expect(page.text).toContain(seen);
      expect(page.text).toMatch(/✔ \d+ inclusion proofs and \d+ pieces of evidence checked in this page/);
      expect(page.png.readUInt32BE(16)).toBe(view.width);
      expect(page.png.length).toBeGreaterThan(60_000);
    },
  );
});
