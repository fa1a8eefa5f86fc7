// SPDX-License-Identifier: Apache-2.0
// biome-ignore-all lint/suspicious/noExplicitAny: a forger of JSON has no types
// biome-ignore-all lint/suspicious/noAssignInExpressions: one forgery a line
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createTemporaryFolder, type TemporaryFolder, tryRun } from "@countersign/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BUNDLE } from "../command.fixture.ts";
import { buildShippedProject, run, type ShippedProject } from "./shipped-project.fixture.ts";

let project: ShippedProject;
let elsewhere: TemporaryFolder;
let key: string;
let text: string;

beforeAll(async () => {
  project = await buildShippedProject();
  elsewhere = await createTemporaryFolder();
  await mkdir(join(elsewhere.path, "empty"));
  key = (await run(project.repo, "ledger", "init", "--origin", "log.example/team")).trim();
  await run(project.repo, "ledger", "append");
  await run(
    project.repo,
    "report",
    "v1..v2",
    "--bundle",
    place("bundle.json"),
    "--write",
    `html=${place("report.html")}`,
  );
  text = await readFile(place("bundle.json"), "utf8");
});
afterAll(() => Promise.all([project.repo.remove(), elsewhere.remove()]));

const place = (name: string) => join(elsewhere.path, name);

/** Another machine: no repository, no Git, nobody's configuration, an empty home. */
async function verify(file: string, ...args: readonly string[]) {
  const empty = place("empty");
  const environment = { PATH: empty, HOME: empty, NO_COLOR: "1" };
  const command = [BUNDLE, "ledger", "verify", "--bundle", file, ...args];
  const { stdout, ...result } = await tryRun(process.execPath, command, { cwd: empty, environment });
  return { ...result, stdout: stdout.toString("utf8") };
}

type Parsed = {
  report: any;
  log: any;
  policies: any[];
  entries: any[];
  evidence: any[];
  [key: string]: unknown;
};

async function verifyChanged(change: (bundle: Parsed) => void, ...args: readonly string[]) {
  const bundle = JSON.parse(text) as Parsed;
  change(bundle);
  await writeFile(place("changed.json"), JSON.stringify(bundle));
  return await verify(place("changed.json"), "--json", ...args);
}

describe("a bundle on another machine, without repository, Git or network", () => {
  it("is checked against the log's key", async () => {
    const { exitCode, stdout, stderr } = await verify(place("bundle.json"), "--log-key", key);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toContain("✔ sound");
    expect(stdout).toContain("log.example/team, 2 entries");
    expect(stdout).toContain("1 signatures, 1 records, 0 not in the log");
    expect(stdout).toContain("1 sign-offs that follow from a statement");
  });

  it("is found in an HTML report, too", async () => {
    const { exitCode, stdout } = await verify(place("report.html"), "--log-key", key, "--json");
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      isSound: true,
      isKeyTrusted: true,
      log: { origin: "log.example/team", treeSize: 2 },
      counts: { entries: 2, signatures: 1, records: 1, unlogged: 0, signOffs: 1, changes: 4 },
      faults: [],
    });
  });

  it("is no proof of a page that shows something else", async () => {
    const page = await readFile(place("report.html"), "utf8");
    const shown = page.replace(/At least 2 of 4/, "At least 0 of 4");
    expect(shown).not.toBe(page);
    await writeFile(place("shown.html"), shown);
    const { exitCode, stdout } = await verify(place("shown.html"), "--log-key", key, "--json");
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout).faults).toMatchObject([{ part: "page", code: "PAGE_CHANGED" }]);
    await writeFile(
      place("shown.html"),
      shown.replace(/content="countersign [^"]*"/, 'content="countersign 9"'),
    );
    const other = await verify(place("shown.html"), "--log-key", key);
    expect(other.exitCode).toBe(0);
    expect(other.stdout).toContain("! not proved here: that the page shows what the report inside it says");
    expect(other.stdout).toContain("2 of 4 changes with AI, 1 of these signed off; 1 serious gap(s)");
  });

  it("says so where the key is the bundle's own", async () => {
    const { exitCode, stderr } = await verify(place("bundle.json"));
    expect(exitCode).toBe(0);
    expect(stderr).toContain("at the bundle's own word for its key");
  });
});

const flip = (base64: string) => {
  const bytes = Buffer.from(base64, "base64");
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
  return bytes.toString("base64");
};
const envelopeOf = (bundle: Parsed) =>
  bundle.evidence.find(({ bytes }) => Buffer.from(bytes, "base64").toString().includes('"payload"'));
const approvedOf = (bundle: Parsed) => bundle.report.changes.find(({ signOffs }: any) => signOffs.length > 0);
const webOf = (bundle: Parsed) => bundle.report.changes.find(({ title }: any) => title === "web: a page");

/** A statement with another payload, and every mention of it under its new name. */
function forge(bundle: Parsed, change: (statement: any) => void): void {
  const piece = envelopeOf(bundle);
  const envelope = JSON.parse(Buffer.from(piece.bytes, "base64").toString());
  const statement = JSON.parse(Buffer.from(envelope.payload, "base64").toString());
  change(statement);
  envelope.payload = Buffer.from(JSON.stringify(statement)).toString("base64");
  const bytes = Buffer.from(JSON.stringify(envelope));
  const name = createHash("sha256").update(bytes).digest("hex");
  const renamed = JSON.parse(JSON.stringify(bundle).replaceAll(piece.object, name)) as Parsed;
  Object.assign(bundle, renamed);
  const own = bundle.evidence.find(({ object }) => object === name);
  own.bytes = bytes.toString("base64");
}

describe("tampering is found, and named", () => {
  it.each<[string, (bundle: Parsed) => void, RegExp]>([
    [
      "a bit of the checkpoint's root",
      (b) =>
        (b.log.checkpoint = b.log.checkpoint.replace(
          /\n2\n(.)/,
          (_: string, c: string) => `\n2\n${c === "A" ? "B" : "A"}`,
        )),
      /^log\.checkpoint SIGNATURE_INVALID/,
    ],
    [
      "the checkpoint's size",
      (b) => (b.log.checkpoint = b.log.checkpoint.replace("\n2\n", "\n3\n")),
      /^log\.checkpoint SIGNATURE_INVALID/,
    ],
    [
      "the checkpoint's origin",
      (b) => (b.log.checkpoint = b.log.checkpoint.replaceAll("log.example/team", "log.example/other")),
      /^log\.checkpoint SIGNATURE_INVALID/,
    ],
    ["the log taken out", (b) => (b.log = null), /^log LOG_MISSING/],
    [
      "an entry's leaf",
      (b) => (b.entries[0].leaf = b.entries[0].leaf.replace('"version":1', '"version":1 ')),
      /^entries\.0 PROOF_INVALID/,
    ],
    [
      "a hash of a proof",
      (b) => (b.entries[0].proof[0] = flip(b.entries[0].proof[0])),
      /^entries\.0 PROOF_INVALID/,
    ],
    ["a proof cut short", (b) => b.entries[0].proof.pop(), /^entries\.0 PROOF_INVALID/],
    [
      "a proof with one hash more",
      (b) => b.entries[0].proof.push(b.entries[0].proof[0]),
      /^entries\.0 PROOF_INVALID/,
    ],
    [
      "two entries swapped",
      (b) => ([b.entries[0].index, b.entries[1].index] = [1, 0]),
      /^entries\.[01] PROOF_INVALID/,
    ],
    [
      "an entry dropped",
      (b) => b.entries.pop(),
      /^report\.changes\.\w+\.\w+\.\w+ REPORT_UNFOUNDED entry \d of the log is not in this bundle/,
    ],
    ["an entry repeated", (b) => b.entries.push(b.entries[0]), /^entries\.0 PROOF_INVALID two entries/],
    [
      "a bit of a statement",
      (b) => (envelopeOf(b).bytes = flip(envelopeOf(b).bytes)),
      /^evidence\.\w+ BUNDLE_MALFORMED its bytes hash to/,
    ],
    [
      "another approval under a new name",
      (b) => forge(b, (s) => (s.predicate.reason = "looks good")),
      /^evidence\.\w+ (SIGNATURE_INVALID|ENVELOPE_MALFORMED)/,
    ],
    [
      "a statement dropped",
      (b) => (b.evidence = b.evidence.filter((e) => e !== envelopeOf(b))),
      /REPORT_UNFOUNDED its statement is not in this bundle/,
    ],
    [
      "a statement withheld",
      (b) => Object.assign(envelopeOf(b), { bytes: null, absent: "withheld" }),
      /^evidence\.\w+ EVIDENCE_WITHHELD/,
    ],
    [
      "a statement called redacted",
      (b) => Object.assign(envelopeOf(b), { bytes: null, absent: "redacted" }),
      /^evidence\.\w+ REDACTION_UNPROVED/,
    ],
    ["evidence repeated", (b) => b.evidence.push(b.evidence[0]), /^evidence\.\w+ EVIDENCE_TWICE/],
    [
      "a policy's text",
      (b) => (b.policies[0].bytes = Buffer.from("version: 1\n").toString("base64")),
      /^policies\.\w+ POLICY_INVALID/,
    ],
    [
      "the policies dropped",
      (b) => (b.policies = []),
      /REPORT_UNFOUNDED the policy that it was judged by is not in this bundle/,
    ],
    [
      "who signed",
      (b) => (approvedOf(b).signOffs[0].person = "author"),
      /REPORT_UNFOUNDED person is "author", the statement says "senior"/,
    ],
    [
      "what was decided",
      (b) => (approvedOf(b).signOffs[0].decision = "reject"),
      /REPORT_UNFOUNDED decision is "reject"/,
    ],
    [
      "when it was signed",
      (b) => (approvedOf(b).signOffs[0].issuedAt = "2020-01-01T00:00:00Z"),
      /REPORT_UNFOUNDED issuedAt is/,
    ],
    [
      "what was written beside it",
      (b) => (approvedOf(b).signOffs[0].comment = "all good"),
      /REPORT_UNFOUNDED comment is "all good"/,
    ],
    [
      "when it was logged",
      (b) => (approvedOf(b).signOffs[0].proof.loggedAt = "2020-01-01T00:00:00Z"),
      /REPORT_UNFOUNDED the log has it as entry/,
    ],
    [
      "where it was logged",
      (b) => (approvedOf(b).signOffs[0].proof.index = 0),
      /REPORT_UNFOUNDED the log has it as entry/,
    ],
    [
      "a sign-off that never was",
      (b) => webOf(b).signOffs.push({ ...approvedOf(b).signOffs[0], envelope: "0".repeat(64) }),
      /REPORT_UNFOUNDED its statement is not in this bundle/,
    ],
    [
      "an AI change made nobody's",
      (b) => Object.assign(approvedOf(b), { state: "unknown", isAssisted: false }),
      /REPORT_UNFOUNDED its records name an AI/,
    ],
    ["a headline", (b) => (b.report.totals.assisted = 1), /^report\.totals REPORT_UNFOUNDED/],
    ["lines", (b) => (webOf(b).lines.claimed = 0), /^report\.totals REPORT_UNFOUNDED/],
    [
      "a gap taken off the list",
      (b) => b.report.gaps.shift(),
      /^report\.gaps REPORT_UNFOUNDED 1 gaps of the kind no-sign-off/,
    ],
    ["a gap made light of", (b) => (b.report.gaps[0].severity = "low"), /^report\.gaps REPORT_UNFOUNDED/],
    [
      "a gap with another reason",
      (b) => (b.report.gaps[0].items[0].reason = "a formality"),
      /^report\.gaps REPORT_UNFOUNDED what it says of the kind no-sign-off/,
    ],
    [
      "a gap taken off its change",
      (b) => (webOf(b).gaps = []),
      /^report\.changes\.\w+\.gaps REPORT_UNFOUNDED/,
    ],
    ["a change dropped", (b) => b.report.changes.pop(), /^report\.totals REPORT_UNFOUNDED/],
    [
      "the log that the report names",
      (b) => (b.report.ledger.treeSize = 99),
      /^report\.ledger REPORT_UNFOUNDED/,
    ],
  ])("%s", async (_name, change, fault) => {
    const { exitCode, stdout } = await verifyChanged(change, "--log-key", key);
    const { isSound, faults } = JSON.parse(stdout);
    expect({ exitCode, isSound }).toEqual({ exitCode: 1, isSound: false });
    const named = faults.map((one: any) => `${one.part} ${one.code} ${one.message}`);
    expect(
      named.filter((line: string) => fault.test(line)),
      named.join("\n"),
    ).not.toEqual([]);
  });

  it("a bundle of another log, however sound in itself, is not by the key that is trusted", async () => {
    const other = key.replace(/\+.*/s, "+00000000+AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAh");
    const refused = await verify(place("bundle.json"), "--log-key", other);
    expect(refused.exitCode).not.toBe(0);
  });

  it.each<[string, (text: string) => string, string]>([
    ["cut in the middle", (all) => all.slice(0, all.length / 2), "JSON"],
    ["with a key twice", (all) => all.replace('"log":', '"log":null,"log":'), "each key once"],
    ["with a key more", (all) => all.replace('"log":', '"extra":1,"log":'), "extra"],
    ["of another format", (all) => all.replace("audit-bundle/v1", "audit-bundle/v9"), "format"],
    ["that is none", () => "{}", "format"],
    ["that is empty", () => "", "JSON"],
  ])("a file %s is refused with what was expected", async (_name, change, reason) => {
    await writeFile(place("odd.json"), change(text));
    const { exitCode, stderr } = await verify(place("odd.json"));
    expect(exitCode).toBe(2);
    expect(stderr).toContain(reason);
  });

  it("a page with two bundles, or none, is refused", async () => {
    const page = await readFile(place("report.html"), "utf8");
    await writeFile(
      place("two.html"),
      page.replace("</body>", '<script type="application/json" id="countersign-bundle">{}</script></body>'),
    );
    await writeFile(place("none.html"), page.replace(/<script.*<\/script>/s, ""));
    expect(await verify(place("two.html"))).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("two bundles"),
    });
    expect(await verify(place("none.html"))).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("without a bundle"),
    });
  });
});

describe("a report under pseudonyms", () => {
  it("names nobody in any format, and its proofs still check", async () => {
    const formats = ["json", "csv", "markdown", "html", "terminal"] as const;
    const writes = formats.flatMap((format) => ["--write", `${format}=${place(`anon.${format}`)}`]);
    await run(
      project.repo,
      "report",
      "v1..v2",
      "--pseudonymous",
      "--bundle",
      place("anon.bundle"),
      ...writes,
    );
    const secret = project.senior.publicKey.split(" ")[1] ?? "";
    for (const name of [...formats, "bundle"]) {
      const written = (await readFile(place(`anon.${name}`), "utf8")).replaceAll("\\", "");
      expect(written).toMatch(/person-\d/);
      for (const known of ["The Author", "author@example.com", "senior@example.com", secret])
        expect(written).not.toContain(known);
      // The role is called as the person is; the person's own places are not.
      expect(written).not.toMatch(/"person":"senior"|by senior\b/);
    }
    const { exitCode, stdout } = await verify(place("anon.bundle"), "--log-key", key, "--json");
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout).counts).toMatchObject({ entries: 2, withheld: 1, records: 1, signatures: 0 });
  });

  it("calls the same person the same, and another export calls them otherwise or alike by chance only", async () => {
    const { report } = JSON.parse(await readFile(place("anon.bundle"), "utf8"));
    const authors = new Set(report.changes.map(({ author }: any) => author.name));
    expect(authors.size).toBe(1);
    expect(report.totals.reviewers).toHaveLength(1);
    expect([...authors]).not.toContain(report.totals.reviewers[0].person);
  });
});
