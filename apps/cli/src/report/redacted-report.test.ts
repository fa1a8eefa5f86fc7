// SPDX-License-Identifier: Apache-2.0
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { AuditBundle } from "@countersign/core/audit";
import { createTemporaryFolder, type TemporaryFolder } from "@countersign/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { countersign } from "../command.fixture.ts";
import { buildShippedProject, run, type ShippedProject } from "./shipped-project.fixture.ts";

let project: ShippedProject;
let folder: TemporaryFolder;
let key: string;
const place = (name: string) => join(folder.path, name);

beforeAll(async () => {
  project = await buildShippedProject();
  folder = await createTemporaryFolder();
  key = (await run(project.repo, "ledger", "init", "--origin", "log.example/team")).trim();
  const logged = (await run(project.repo, "ledger", "append")).trim().split("\n");
  const signOff = logged.map((line) => JSON.parse(line)).find(({ kind }) => kind === "sign-off");
  await run(project.repo, "ledger", "redact", String(signOff.index), "--reason", "erasure request");
});
afterAll(() => Promise.all([project?.repo.remove(), folder?.remove()]));

const report = (...args: readonly string[]) =>
  run(project.repo, "report", "v1..v2", "--blame-seconds", "0", ...args);

async function verify(name: string) {
  const args = ["ledger", "verify", "--bundle", place(name), "--log-key", key, "--json"];
  const { exitCode, stdout } = await countersign(args, { cwd: folder.path });
  return { exitCode, ...JSON.parse(stdout) };
}

describe("a report after a sign-off was redacted", () => {
  it("says so among the gaps, which come before everything else", async () => {
    const text = await report();
    expect(text.indexOf("1 × evidence redacted")).toBeGreaterThan(text.indexOf("Gaps"));
    expect(text.indexOf("1 × evidence redacted")).toBeLessThan(text.indexOf("Was AI used?"));
    expect(text).toContain("the log still proves that it was there");
  });

  it("makes a bundle and a page that no longer hold it, and that still verify", async () => {
    const writes = ["--bundle", place("bundle.json"), "--write", `html=${place("report.html")}`];
    await report(...writes);
    const bundle = JSON.parse(await readFile(place("bundle.json"), "utf8")) as AuditBundle;
    const signOffs = [...bundle.report.changes].flatMap((change) => change.signOffs);
    expect(signOffs).toMatchObject([{ proof: { isRedacted: true } }]);
    expect(bundle.evidence.find(({ object }) => object === signOffs[0]?.envelope)).toMatchObject({
      bytes: null,
      absent: "redacted",
    });
    for (const name of ["bundle.json", "report.html"])
      expect(await verify(name)).toMatchObject({
        exitCode: 0,
        isSound: true,
        faults: [],
        // The sign-off, the record, and the entry that says that the one is gone.
        counts: { entries: 3, redacted: 1, signatures: 0, records: 1 },
      });
  });

  it("repeats nothing that the signer wrote, in any format, though a clone may still have it", async () => {
    const formats = ["json", "csv", "markdown", "html", "terminal"];
    await report(...formats.flatMap((format) => ["--write", `${format}=${place(`r.${format}`)}`]));
    await report("--bundle", place("r.bundle"));
    for (const name of [...formats, "bundle"])
      expect(await readFile(place(`r.${name}`), "utf8"), name).not.toContain("read with The Author");
  });
});
