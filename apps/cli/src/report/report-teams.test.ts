// SPDX-License-Identifier: Apache-2.0
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ShareRow } from "@countersign/core/audit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { countersign } from "../command.fixture.ts";
import { buildShippedProject, run, type ShippedProject } from "./shipped-project.fixture.ts";

const OWNERS = "* @acme/platform\n/net/ @acme/net @acme/security\n/web/ @somebody\n/docs/\n!bad @acme/x\n";

let project: ShippedProject;
beforeAll(async () => {
  // GitHub's order: the file in docs is not looked at where there is one at the top.
  project = await buildShippedProject("", { CODEOWNERS: OWNERS, "docs/CODEOWNERS": "* @acme/nobody\n" });
});
afterAll(() => project.repo.remove());

const report = (...args: string[]) =>
  countersign(["report", "v1..v2", "--blame-seconds", "0", ...args], { cwd: project.repo.path });

describe("the owning teams of what shipped", () => {
  it("are those of CODEOWNERS at the end of the range, with what nobody owns", async () => {
    const document = JSON.parse((await report("--json")).stdout);
    expect(
      document.totals.byTeam.map(({ name, changes, assisted }: ShareRow) => [name, changes, assisted]),
    ).toEqual([
      ["@acme/net", 2, 1],
      ["@acme/security", 2, 1],
      ["(people)", 1, 1],
      ["(unowned)", 1, 0],
    ]);
    expect(document.changes.at(-1).teams).toEqual(["@acme/net", "@acme/security"]);
    expect(document.notes).toMatchObject(
      [{ code: "codeowners-invalid", message: /^1 line.* line 5$/ }].map((one) => ({
        ...one,
        message: expect.stringMatching(one.message),
      })),
    );
  });

  it("stand in every format, and a bundle without names still adds up", async () => {
    const bundle = join(project.repo.path, ".git/teams.json");
    const path = (format: string) => join(project.repo.path, `.git/teams.${format}`);
    const formats = ["markdown", "csv", "html", "terminal"];
    const writes = formats.flatMap((format) => ["--write", `${format}=${path(format)}`]);
    expect((await report(...writes, "--pseudonymous", "--bundle", bundle)).exitCode).toBe(0);
    for (const format of formats)
      expect((await readFile(path(format), "utf8")).replaceAll("\\", ""), format).toContain("acme/security");
    expect(await readFile(bundle, "utf8")).not.toContain('somebody"');
    expect(await run(project.repo, "ledger", "verify", "--bundle", bundle)).toContain("sound");
  });
});
