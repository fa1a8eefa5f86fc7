// SPDX-License-Identifier: Apache-2.0
import type { CommitOptions, FileContent } from "@countersign/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createScenario, findingOf, identityOf, type Scenario, TARGET } from "./gate-scenario.fixture.ts";
import {
  createInfrastructureProject,
  expectInfrastructure as expectIn,
  gateFiles as gateIn,
  INFRA,
  LOGO,
  ROLE,
} from "./infrastructure-project.fixture.ts";

let scenario: Scenario;
beforeAll(async () => {
  scenario = await createInfrastructureProject();
});
afterAll(() => scenario[Symbol.asyncDispose]());

const gateFiles = (files: CommitOptions["files"], message?: string) => gateIn(scenario, files, message);
const expectInfrastructure = (files: Readonly<Record<string, FileContent>>, named?: readonly string[]) =>
  expectIn(scenario, files, named);

describe("T44: attributes hide nothing from the gate", () => {
  const HIDING = [
    "* -diff",
    "* linguist-generated=true",
    "* diff=hidden",
    "* export-subst export-ignore",
    "* binary",
    "* merge=union",
    "* filter=hidden",
    "* working-tree-encoding=UTF-16",
  ];
  it.each(HIDING)("%s in the change", async (line) => {
    const report = await expectInfrastructure({ ".gitattributes": `${line}\n`, "app.txt": ROLE }, [
      "app.txt",
    ]);
    expect(findingOf(report, "git-attributes")).toMatchObject({
      status: "warning",
      files: [".gitattributes"],
    });
    expect(findingOf(report, "git-attributes").reason).toContain("git diff --text");
  });

  it.each(["sub/.gitattributes", ".GITATTRIBUTES"])("a change of %s is flagged", async (path) => {
    const report = await gateFiles({ [path]: "* -diff\n" }, "attributes\n");
    expect(findingOf(report, "git-attributes").files).toEqual([path]);
  });

  it("neither in $GIT_DIR/info/attributes, nor by textconv, external diff and filters of the configuration", async () => {
    await using own = await createScenario();
    await own.repo.write(".git/info/attributes", `${HIDING.join("\n")}\n`);
    for (const [key, value] of [
      ["diff.hidden.textconv", "true"],
      ["diff.hidden.command", "true"],
      ["diff.external", "true"],
      ["filter.hidden.clean", "true"],
      ["filter.hidden.smudge", "true"],
      ["merge.union.driver", "true"],
      ["core.quotePath", "true"],
      ["diff.noprefix", "true"],
      ["diff.renames", "copies"],
      ["diff.ignoreSubmodules", "all"],
      ["log.showSignature", "true"],
      ["diff.orderFile", "/dev/null"],
    ] as const)
      await own.repo.git(["config", key, value]);
    const head = await own.propose({ files: { "app.txt": ROLE } });
    const report = await own.gate({ head });
    expect(findingOf(report, INFRA)).toMatchObject({ status: "pending", files: ["app.txt"] });
  });

  it("merge=union makes no clean merge of a conflict: nothing is carried over", async () => {
    await using own = await createScenario({
      files: { "list.txt": "one\n", ".gitattributes": "list.txt merge=union\n" },
    });
    await own.repo.write(".git/info/attributes", "list.txt merge=union\n");
    const signed = await own.propose({ files: { "list.txt": "one\ntwo\n" } });
    await own.sign("senior", { head: signed });
    await own.repo.commit({
      branch: TARGET,
      message: "other\n",
      files: { "list.txt": "one\nthree\n" },
      author: identityOf("auditor"),
    });
    const head = await own.propose({
      from: await own.repo.id(TARGET),
      files: { "list.txt": "one\nthree\ntwo\n" },
    });
    const report = await own.gate({ head });
    expect(report.verdict).toBe("pending");
    expect(findingOf(report, "ai-senior-sign-off").status).toBe("pending");
  });
});

describe("T46: changes that show no text", () => {
  it.each<[string, Record<string, FileContent>]>([
    ["only the executable bit set", { "deploy/run.sh": { executable: "#!/bin/sh\nship\n" } }],
    [
      "only the executable bit set outside infrastructure",
      { "src/main.c": { executable: "int main(void) { return 0; }\n" } },
    ],
  ])("%s is a change", async (_what, files) => {
    const report = await gateFiles(files);
    expect(report.verdict).toBe("pending");
    expect(findingOf(report, "ai-senior-sign-off").files).toEqual(Object.keys(files));
    expect(report.change).toMatchObject({ files: [{ status: "modified", mode: "100755" }] });
  });

  it("a mode set after signing voids the sign-off", async () => {
    const content = "#!/bin/sh\nrm -rf /\n";
    const signed = await scenario.propose({ files: { "tool.txt": content } });
    await scenario.sign("senior", { head: signed });
    const head = await scenario.propose({ files: { "tool.txt": { executable: content } } });
    const report = await scenario.gate({ head });
    expect(report.verdict).toBe("pending");
    expect(findingOf(report, "ai-senior-sign-off").status).toBe("pending");
  });

  it("an LFS pointer that points elsewhere is infrastructure until somebody looked", async () => {
    await expectInfrastructure({
      "big.bin": "version https://git-lfs.github.com/spec/v1\noid sha256:2222\nsize 1\n",
    });
  });

  it("an LFS pointer swapped after signing voids the sign-off", async () => {
    const pointer = (oid: string) =>
      `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize 1\n`;
    const signed = await scenario.propose({
      message: "model\n\nAI-Assisted: cursor/unknown\n",
      files: { "big.bin": pointer("3333") },
    });
    await scenario.sign("senior", { head: signed });
    await scenario.sign("second", { head: signed });
    expect((await scenario.gate({ head: signed })).verdict).toBe("pass");
    const head = await scenario.propose({
      message: "model\n\nAI-Assisted: cursor/unknown\n",
      files: { "big.bin": pointer("4444") },
    });
    const report = await scenario.gate({ head });
    expect(report.verdict).toBe("pending");
    expect(report.signOffs.every(({ counted }) => !counted)).toBe(true);
    expect(report.signOffs[0]?.reason).toContain("the content changed after signing");
  });

  it("one byte of a binary changed after signing voids the sign-off", async () => {
    const signed = await scenario.propose({ files: { "a.png": LOGO } });
    await scenario.sign("senior", { head: signed });
    const head = await scenario.propose({ files: { "a.png": Buffer.concat([LOGO, Buffer.from([4])]) } });
    expect((await scenario.gate({ head })).verdict).toBe("pending");
  });

  it("a change of type, file to link and back, is a change", async () => {
    const report = await gateFiles({ "src/main.c": { symlink: "../README.md" } });
    expect(report.change).toMatchObject({
      files: [{ path: "src/main.c", status: "type-changed", mode: "120000" }],
    });
  });
});
