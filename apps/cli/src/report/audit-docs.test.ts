// SPDX-License-Identifier: Apache-2.0
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { countersign } from "../command.fixture.ts";
import { buildDeliveredProject } from "./delivered-project.fixture.ts";
import { run, type ShippedProject } from "./shipped-project.fixture.ts";

const DOCUMENT = await readFile(new URL("../../../../docs/audit.md", import.meta.url), "utf8");

/** Blocks that are run, each as its commands with what they print. */
const BLOCKS = [...DOCUMENT.matchAll(/<!-- run[^>]*-->\n```console\n(.*?)```/gs)].map(([, text = ""]) =>
  text
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const [command = "", ...output] = part.split("\n");
      return { command, output: output.join("\n") };
    }),
);

/** Ids, roots, times and numbers of pseudonyms differ from run to run; everything else must be what the document shows. */
function normalise(text: string): string {
  return text
    .replace(/root [\w+/=]+/g, "root …")
    .replace(/\b(?=[0-9a-f]*\d)[0-9a-f]{12,64}\b|<id>/g, "<id>")
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ|\d{4}-\d\d-\d\d \d\d:\d\d|<time>/g, "<time>")
    .replace(/log entry (?:\d+|<n>)/g, "log entry <n>")
    .replace(/person-(?:\d+|<n>)/g, "person-<n>");
}

let project: ShippedProject;

beforeAll(async () => {
  project = await buildDeliveredProject();
  const { repo } = project;
  const key = await run(repo, "ledger", "init", "--origin", "log.example/team");
  await writeFile(join(repo.path, "log.vkey"), key);
  await run(repo, "ledger", "append");
  await run(repo, "report", "v1..v2", "--blame-seconds", "0", "--bundle", "report.forged.json");
  const bundle = await readFile(join(repo.path, "report.forged.json"), "utf8");
  await writeFile(
    join(repo.path, "report.forged.json"),
    bundle.replaceAll('"person":"senior"', '"person":"author"'),
  );
});
afterAll(() => project.repo.remove());

describe("docs/audit.md", () => {
  it("has blocks to run", () => {
    expect(BLOCKS.length).toBeGreaterThanOrEqual(5);
  });

  it.each(BLOCKS.map((commands) => [commands[0]?.command ?? "", commands] as const))(
    "%s",
    async (_name, commands) => {
      for (const { command, output } of commands) {
        const [program, ...args] = command.split(" ");
        expect(program).toBe("countersign");
        const result = await countersign(args, { cwd: project.repo.path });
        expect(result.exitCode, result.stderr).toBe(/^✘/m.test(output) ? 1 : 0);
        let rest = normalise(result.stdout);
        for (const part of output.split(/^…\n/m).map((text) => normalise(text).trimEnd())) {
          expect(rest).toContain(part);
          rest = rest.slice(rest.indexOf(part) + part.length);
        }
      }
    },
  );
});
