// SPDX-License-Identifier: Apache-2.0
import type { CommitOptions, FileContent } from "@countersign/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findingOf, type Scenario } from "./gate-scenario.fixture.ts";
import {
  createInfrastructureProject,
  expectInfrastructure as expectIn,
  gateFiles as gateIn,
  INFRA,
} from "./infrastructure-project.fixture.ts";

let scenario: Scenario;
beforeAll(async () => {
  scenario = await createInfrastructureProject();
});
afterAll(() => scenario[Symbol.asyncDispose]());

const gateFiles = (files: CommitOptions["files"], message?: string) => gateIn(scenario, files, message);
const expectInfrastructure = (files: Readonly<Record<string, FileContent>>, named?: readonly string[]) =>
  expectIn(scenario, files, named);

describe("T42: links and submodules", () => {
  it.each<[string, Record<string, FileContent>, string[]?]>([
    ["a new link to infrastructure", { "link.txt": { symlink: "infra/iam.tf" } }],
    ["a link to its folder", { x: { symlink: "infra" } }],
    ["a link from deep below", { "a/b/link.txt": { symlink: "../../infra/iam.tf" } }],
    ["a link with detours", { "link.txt": { symlink: "./src/../infra//iam.tf" } }],
    ["a link to a link that was there", { "link.txt": { symlink: "link-to-infra" } }],
    ["a link through a linked folder that was there", { "link.txt": { symlink: "dir-link/iam.tf" } }],
    [
      "a chain made in one change",
      { "b.txt": { symlink: "c.txt" }, "c.txt": { symlink: "infra/iam.tf" } },
      ["c.txt"],
    ],
    ["a harmless link turned to infrastructure", { "harmless-link": { symlink: "infra/iam.tf" } }],
    ["a link away from infrastructure", { "link-to-infra": { symlink: "README.md" } }],
    ["a link taken away", { "link-to-infra": null }],
    ["a link that becomes a file", { "link-to-infra": "plain\n" }],
    ["a file that becomes a link", { "src/main.c": { symlink: "../deploy/run.sh" } }],
    ["a link out of the repository", { "link.txt": { symlink: "../../etc/passwd" } }],
    ["an absolute link", { "link.txt": { symlink: "/etc/passwd" } }],
    ["an infrastructure path that leads elsewhere", { "infra/x.tf": { symlink: "../shared/notes.txt" } }],
    ["the file to which an infrastructure path leads", { "data/config.json": '{"open": true}\n' }],
  ])("%s", async (_what, files, named) => {
    await expectInfrastructure(files, named ?? Object.keys(files));
  });

  it("a link in a circle, which may be broken later, counts as leading out", async () => {
    await scenario.repo.commit({
      branch: "circle",
      parents: [scenario.start],
      message: "circle\n",
      files: { a: { symlink: "b" }, b: { symlink: "a" } },
    });
    const from = await scenario.repo.id("refs/heads/circle");
    const head = await scenario.propose({ from, files: { "link.txt": { symlink: "a" } } });
    expect(findingOf(await scenario.gate({ base: from, head }), INFRA).files).toEqual(["link.txt"]);
  });

  it("a file that only a harmless link reaches stays harmless", async () => {
    expect(
      findingOf(await gateFiles({ "README.md": "Another.\n", "shared/notes.txt": "other\n" }), INFRA).status,
    ).toBe("skipped");
  });

  describe("a submodule's provenance is not known here", () => {
    const bump = { vendored: { gitlink: "2".repeat(40) } } as const;
    it.each<[string, Record<string, FileContent>]>([
      ["a bump", bump],
      ["a new one", { lib: { gitlink: "3".repeat(40) } }],
      ["one taken away", { vendored: null }],
      ["one that becomes a folder of files", { vendored: null, "vendored/a.c": "int a;\n" }],
      ["a file that becomes one", { "src/main.c": { gitlink: "4".repeat(40) } }],
      [
        "another source for it",
        { ".gitmodules": '[submodule "vendored"]\n\tpath = vendored\n\turl = https://evil.example/lib\n' },
      ],
    ])("%s, by a human as it seems, waits for a senior", async (_what, files) => {
      const report = await gateFiles(files, "deps: bump\n");
      expect(report.verdict).toBe("pending");
      const finding = findingOf(report, "submodule");
      expect(finding).toMatchObject({ status: "pending", missing: { role: "senior", count: 1 } });
      expect(finding.files).toEqual(expect.arrayContaining(Object.keys(files)));
    });

    it("and passes with one", async () => {
      const head = await scenario.propose({ message: "deps: bump\n", files: bump });
      await scenario.sign("senior", { head });
      const report = await scenario.gate({ head });
      expect(report.verdict).toBe("pass");
      expect(findingOf(report, "submodule").status).toBe("pass");
    });

    it("by an AI it takes two: what is in it may be anything", async () => {
      await expectInfrastructure({ vendored: { gitlink: "5".repeat(40) } });
    });

    it("and a twin of .gitmodules is denied", async () => {
      const report = await gateFiles({ ".GitModules": "[submodule]\n" }, "deps: bump\n");
      expect(report.verdict).toBe("denied");
      expect(findingOf(report, "suspicious-path").files).toEqual([".GitModules"]);
      expect(findingOf(report, "submodule").status).toBe("pending");
    });

    it("bumped and bumped back, the commits still ask", async () => {
      const first = await scenario.propose({ message: "deps: bump\n", files: bump });
      const head = await scenario.propose({
        parents: [first],
        message: "undo\n",
        files: { vendored: { gitlink: "1".repeat(40) } },
      });
      expect(findingOf(await scenario.gate({ head }), "submodule").status).toBe("pending");
    });

    it("moved aside by a merge that no parent holds", async () => {
      const ours = await scenario.propose({ message: "ours\n" });
      const theirs = await scenario.propose({ message: "theirs\n" });
      const head = await scenario.propose({ message: "merge\n", parents: [ours, theirs], files: bump });
      expect(findingOf(await scenario.gate({ head }), "submodule").commits).toContain(head);
    });
  });
});
