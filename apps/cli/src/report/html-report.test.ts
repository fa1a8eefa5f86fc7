// SPDX-License-Identifier: Apache-2.0
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createTemporaryFolder, type TemporaryFolder, tryRun } from "@countersign/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CHROMIUM } from "./chromium.fixture.ts";
import { buildShippedProject, run, type ShippedProject } from "./shipped-project.fixture.ts";

if (CHROMIUM === undefined)
  process.stderr.write("SKIPPED the HTML report in a browser: set CHROMIUM, or install chromium\n");

let project: ShippedProject;
let folder: TemporaryFolder;

beforeAll(async () => {
  project = await buildShippedProject();
  folder = await createTemporaryFolder();
  await run(project.repo, "ledger", "init", "--origin", "log.example/team");
  await run(project.repo, "ledger", "append");
  await run(project.repo, "report", "v1..v2", "--write", `html=${place("report.html")}`);
});
afterAll(() => Promise.all([project.repo.remove(), folder.remove()]));

const place = (name: string) => join(folder.path, name);

/** A browser that is told that there is no network, and that answers with the page after its scripts ran. */
async function browse(file: string, ...args: readonly string[]): Promise<string> {
  const options = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    `--user-data-dir=${place("profile")}`,
    "--timeout=4000",
    ...args,
    pathToFileURL(file).href,
  ];
  const environment = { PATH: process.env.PATH ?? "", HOME: folder.path };
  const { stdout, exitCode } = await tryRun(CHROMIUM ?? "", options, { cwd: folder.path, environment });
  expect(exitCode).toBe(0);
  return stdout.toString("utf8");
}

const checkOf = (page: string) => /<p id="check"[^>]*>(.*?)<\/p>/s.exec(page)?.[0] ?? "";

describe.skipIf(CHROMIUM === undefined)("the HTML report in Chromium", () => {
  it("checks its own proofs, with no network", async () => {
    const check = checkOf(await browse(place("report.html"), "--dump-dom"));
    expect(check).toContain('class="yes"');
    expect(check).toContain(
      "✔ 2 inclusion proofs and 2 pieces of evidence checked in this page, checkpoint signed by log.example/team",
    );
  });

  it.each<[string, (page: string) => string, string]>([
    [
      "a leaf",
      (page) => page.replace('\\"kind\\":\\"sign-off\\"', '\\"kind\\":\\"override\\"'),
      "is not under the checkpoint",
    ],
    [
      "the checkpoint",
      (page) => page.replace(/(log\.example\/team\\n)2(\\n)/, "$13$2"),
      "is not signed by the key",
    ],
    [
      "evidence",
      (page) => page.replace(/"bytes":"e(.)/, (_, c: string) => `"bytes":"e${c === "A" ? "B" : "A"}`),
      "is not what the log holds",
    ],
  ])("says so where %s was changed", async (_name, change, reason) => {
    const page = await readFile(place("report.html"), "utf8");
    const changed = change(page);
    expect(changed).not.toBe(page);
    await writeFile(place("changed.html"), changed);
    const check = checkOf(await browse(place("changed.html"), "--dump-dom"));
    expect(check).toContain('class="no"');
    expect(check).toContain(reason);
  });

  it("runs no script but that one", async () => {
    const page = await readFile(place("report.html"), "utf8");
    await writeFile(
      place("forged.html"),
      page.replace(
        "<main>",
        '<main><script>document.title="forged"</script><img src=x onerror="document.title=\'forged\'">',
      ),
    );
    expect(await browse(place("forged.html"), "--dump-dom")).not.toContain("<title>forged");
  });

  it.each([
    ["light", []],
    ["dark", ["--blink-settings=preferredColorScheme=0"]],
  ])("draws a page in %s colours", async (name, args) => {
    const file = place(`${name}.png`);
    await browse(place("report.html"), "--window-size=1180,2400", `--screenshot=${file}`, ...args);
    const png = await readFile(file);
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1180, 2400]);
    // A blank page of this size has some kilobytes.
    expect(png.length).toBeGreaterThan(60_000);
  });
});
