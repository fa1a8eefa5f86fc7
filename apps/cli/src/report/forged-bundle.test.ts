// SPDX-License-Identifier: Apache-2.0
// biome-ignore-all lint/suspicious/noExplicitAny: a forger of JSON has no types
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createGapCollector, createShippedTally, NO_FAULTS } from "@countersign/core/audit";
import { createTemporaryFolder, type TemporaryFolder, tryRun } from "@countersign/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BUNDLE } from "../command.fixture.ts";
import { buildShippedProject, run, type ShippedProject } from "./shipped-project.fixture.ts";

let project: ShippedProject;
let elsewhere: TemporaryFolder;
let key: string;
/** Before and after the senior took the approval back. */
let [approved, revoked] = ["", ""];

beforeAll(async () => {
  project = await buildShippedProject();
  elsewhere = await createTemporaryFolder();
  await mkdir(place("empty"));
  const { repo, senior } = project;
  key = (await run(repo, "ledger", "init", "--origin", "log.example/team")).trim();
  await run(repo, "ledger", "append");
  approved = await bundle();
  const about = ["--base", "v1", "--head", project.approved, "--target", "refs/heads/main"];
  await run(repo, "revoke", ...about, "--key", senior.privateKeyPath, "--reason", "wrong subnet");
  await run(repo, "ledger", "append");
  revoked = await bundle();
});
afterAll(() => Promise.all([project.repo.remove(), elsewhere.remove()]));

const place = (name: string) => join(elsewhere.path, name);

async function bundle(): Promise<string> {
  await run(project.repo, "report", "v1..v2", "--blame-seconds", "0", "--bundle", place("bundle.json"));
  return await readFile(place("bundle.json"), "utf8");
}

/** The forger has the program, and makes sums and gaps fit what they changed. */
async function forge(text: string, change: (bundle: any) => void) {
  const forged = JSON.parse(text);
  change(forged);
  const { report, log } = forged;
  const isAttested = report.changes.some((row: any) => row.verdicts.length > 0);
  const [tally, gaps] = [createShippedTally(), createGapCollector({ isLogged: log !== null, isAttested })];
  for (const row of report.changes.toReversed()) {
    row.gaps = gaps.add(row);
    tally.add(row);
  }
  Object.assign(report, { totals: tally.totals(), gaps: gaps.groups(NO_FAULTS) });
  await writeFile(place("forged.json"), JSON.stringify(forged));
  const command = [BUNDLE, "ledger", "verify", "--bundle", place("forged.json"), "--log-key", key, "--json"];
  const environment = { PATH: place("empty"), HOME: place("empty") };
  const { exitCode, stdout } = await tryRun(process.execPath, command, { cwd: place("empty"), environment });
  return { exitCode, ...JSON.parse(stdout.toString("utf8")) };
}

const rowOf = (forged: any, title: string) => forged.report.changes.find((row: any) => row.title === title);
const routeOf = (forged: any) => rowOf(forged, "net: route it");
const webOf = (forged: any) => rowOf(forged, "web: a page");
const call = (row: any, reason: string) =>
  Object.assign(row, {
    verdict: "pass",
    conditions: row.conditions.map((one: any) => ({ ...one, status: "pass", reason })),
  });
const withoutRow = (forged: any, row: any) => {
  forged.report.changes = forged.report.changes.filter((other: any) => other !== row);
};
const withoutEvidence = (forged: any, name: string) => {
  forged.evidence = forged.evidence.filter(({ object }: any) => object !== name);
};

describe("an honest report from a release on a branch of its own", () => {
  it("has the way from there to the line, and nothing is left open", async () => {
    const { repo } = project;
    await repo.branch("release", "refs/tags/v1");
    await repo.commit({ message: "one\n", branch: "release", files: { "r.txt": "r\n" } });
    await repo.commit({ message: "two\n", branch: "release", files: { "r.txt": "s\n" } });
    await run(repo, "report", "release..v2", "--blame-seconds", "0", "--bundle", place("release.json"));
    const text = await readFile(place("release.json"), "utf8");
    expect(await forge(text, () => {})).toMatchObject({ exitCode: 0, faults: [], unproved: [] });
    const cut = await forge(text, (b) => Object.assign(b.report, { base: "1".repeat(40) }));
    expect(cut.faults.map(({ part }: any) => part)).toContain("report.base");
  });
});

describe("a forger who makes the sums fit", () => {
  it.each<[string, (forged: any) => void, RegExp]>([
    [
      "an approval used for a second change",
      (b) => call(Object.assign(webOf(b), { signOffs: [routeOf(b).signOffs[0]] }), "1 sign-off"),
      /counted for report\.changes\.\w+ as well/,
    ],
    [
      "an approval moved to another change",
      (b) => {
        call(Object.assign(webOf(b), { signOffs: routeOf(b).signOffs }), "1 sign-off");
        routeOf(b).signOffs = [];
      },
      /tree is "\w+", the statement says/,
    ],
    [
      "an approval said to be carried over to another change",
      (b) => Object.assign(routeOf(b).signOffs[0], { cover: "carried" }),
      /called carried, and it was signed on the base of this change/,
    ],
    [
      "an approval that counts and covers nothing",
      (b) => Object.assign(routeOf(b).signOffs[0], { cover: "none" }),
      /covers nothing/,
    ],
    [
      "a rule called kept that nobody signed for",
      (b) => call(webOf(b), "1 sign-off"),
      /asks for 1 by senior/,
    ],
    ["an AI change left out", (b) => withoutRow(b, webOf(b)), /the change before it ends at/],
    ["the newest change left out", (b) => b.report.changes.shift(), /the newest change ends at/],
    [
      "an AI change left out, and its neighbours pulled together",
      (b) => {
        const { head, base } = webOf(b);
        b.report.changes.find((row: any) => row.base === head).base = base;
        withoutRow(b, webOf(b));
      },
      /counts 1 commits and brought 2/,
    ],
    [
      "all changes left out",
      (b) => Object.assign(b.report, { changes: [] }),
      /commits are in no change of the report/,
    ],
    [
      "the oldest changes left out with their commits",
      (b) => {
        b.history = b.history.filter(({ id }: any) =>
          b.report.changes.slice(0, 2).some((row: any) => row.head === id),
        );
        b.report.changes.splice(2);
      },
      /nothing shows that \w+ had it already/,
    ],
    [
      "a commit with another message under its name",
      (b) => {
        const own = b.history.find(({ id }: any) => id === webOf(b).head);
        own.bytes = btoa(atob(own.bytes).replace("AI-Assisted", "AI-Assistant"));
      },
      /its bytes are no commit of this name/,
    ],
    ["the commits taken out", (b) => Object.assign(b, { history: null }), /commits .* not in this bundle/],
    [
      "a declared AI called nobody's",
      (b) => Object.assign(webOf(b), { state: "unknown", isAssisted: false, verdict: "pass" }),
      /its messages name an AI, the report says unknown/,
    ],
    [
      "an unknown change called cleared",
      (b) => Object.assign(rowOf(b, "docs: a word by senior"), { state: "cleared" }),
      /neither its messages nor a record clear it/,
    ],
    ["another title", (b) => Object.assign(webOf(b), { title: "docs: a typo" }), /title is that of none/],
    [
      "another author",
      (b) => Object.assign(webOf(b).author, { email: "senior@example.com" }),
      /none of its commits is by/,
    ],
    [
      "another day",
      (b) => Object.assign(webOf(b), { committedAt: "2020-01-01T00:00:00Z" }),
      /dated 2020-01-01T00:00:00Z/,
    ],
    ["another head", (b) => Object.assign(b.report, { head: "1".repeat(40) }), /the report at 1111/],
    ["another repository", (b) => Object.assign(b.report, { repository: "https://x" }), /no policy .* is of/],
    [
      "a record left out",
      (b) => {
        withoutEvidence(b, routeOf(b).records[0].object);
        Object.assign(routeOf(b), { records: [], state: "declared" });
      },
      /EVIDENCE_OMITTED the log holds a record about it as entry 0/,
    ],
    [
      "a policy said to be of another commit",
      (b) => Object.assign(b.policies[0], { at: b.report.head }),
      /no change of the report that was judged by it begins/,
    ],
    [
      "a policy that the repository never had there",
      (b) => {
        const [policy] = b.policies;
        Object.assign(policy, { bytes: btoa(`${atob(policy.bytes)}# more\n`) });
      },
      /policies\.\w+ POLICY_INVALID it is not the policy that the commit/,
    ],
    [
      "other trees on the way to the policy",
      (b) => b.policies[0].trees.reverse(),
      /policies\.\w+ POLICY_INVALID it is not the policy/,
    ],
    [
      "a change judged as of another day",
      (b) => Object.assign(routeOf(b), { judgedAt: "2026-01-02T00:00:00Z" }),
      /judged as of 2026-01-02T00:00:00Z, which is neither/,
    ],
    [
      "a landing that nobody saw",
      (b) => {
        const at = "2026-01-02T00:00:00Z";
        Object.assign(routeOf(b), { judgedAt: at, seen: { at, by: "ledger" } });
      },
      /nothing in the log saw it land at 2026-01-02T00:00:00Z/,
    ],
    [
      "a report called pseudonymous for the sake of what may be left out then",
      (b) => {
        Object.assign(b, { history: null, policies: [] });
        Object.assign(b.report, { isPseudonymous: true });
        for (const piece of b.evidence) Object.assign(piece, { bytes: null, absent: "withheld" });
      },
      /called pseudonymous, and it names "senior"/,
    ],
    [
      "a time of judgement that is none",
      (b) => Object.assign(routeOf(b), { judgedAt: "yesterday" }),
      /judgedAt is no time/,
    ],
  ])("%s", async (_name, change, fault) => {
    const { exitCode, isSound, faults } = await forge(approved, change);
    expect({ exitCode, isSound }).toEqual({ exitCode: 1, isSound: false });
    const named = faults.map((one: any) => `${one.part} ${one.code} ${one.message}`);
    expect(
      named.filter((line: string) => fault.test(line)),
      named.join("\n"),
    ).not.toEqual([]);
  });

  it("a revocation left out of the report is seen in the log", async () => {
    const { exitCode, faults } = await forge(revoked, (b) => {
      const row = routeOf(b);
      const taken = row.signOffs.find(({ decision }: any) => decision === "revoke");
      withoutEvidence(b, taken.envelope);
      row.signOffs = row.signOffs.filter((one: any) => one !== taken);
      Object.assign(row.signOffs[0], { counted: true });
      // It was judged as of the moment at which the log took in what is left out.
      Object.assign(row, { judgedAt: b.report.generatedAt });
      call(row, "1 sign-off");
    });
    expect(exitCode).toBe(1);
    expect(faults).toMatchObject([
      {
        code: "EVIDENCE_OMITTED",
        message: expect.stringMatching(/^the log holds a revocation about it as entry 2/),
      },
    ]);
  });

  it("where the log's entries are left out with it, the answer says what it does not prove", async () => {
    const { isSound, unproved } = await forge(revoked, (b) => {
      const row = routeOf(b);
      const taken = row.signOffs.find(({ decision }: any) => decision === "revoke");
      withoutEvidence(b, taken.envelope);
      row.signOffs = row.signOffs.filter((one: any) => one !== taken);
      Object.assign(row.signOffs[0], { counted: true });
      // It was judged as of the moment at which the log took in what is left out.
      Object.assign(row, { judgedAt: b.report.generatedAt });
      call(row, "1 sign-off");
      b.entries.pop();
    });
    expect(isSound).toBe(true);
    expect(unproved).toEqual([
      { part: "entries", message: expect.stringContaining("1 of the log's 3 entries are not in this file") },
    ]);
  });

  it("an honest bundle leaves nothing open", async () => {
    expect(await forge(approved, () => {})).toMatchObject({ exitCode: 0, faults: [], unproved: [] });
    expect(await forge(revoked, () => {})).toMatchObject({ exitCode: 0, faults: [], unproved: [] });
  });
});
