// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { AI_MESSAGE, createScenario, identityOf, NOW, type Scenario } from "./gate-scenario.fixture.ts";
import { expectVoid, forgetSignOffs, moveTarget, proposeSigned } from "./signed-changes.fixture.ts";

let scenario: Scenario;
beforeAll(async () => {
  scenario = await createScenario();
});
afterAll(() => scenario[Symbol.asyncDispose]());
beforeEach(() => forgetSignOffs(scenario));

/** The id by which patch-based tools recognise a change. */
async function patchId(head: string, options: readonly string[]): Promise<string> {
  const patch = await scenario.repo.tryGit(["diff-tree", "-p", `${head}^`, head]);
  return (await scenario.repo.git(["patch-id", ...options], { input: patch.stdout })).split(" ")[0] ?? "";
}

describe("T18: a commit pushed after the approval", () => {
  it.each([
    ["that adds a file", { files: { "later.txt": "x\n" } }],
    ["that says it is human's", { message: "fix typo\n\nAI-Assisted: none\n", files: { "typo.txt": "x\n" } }],
    ["that only changes a mode", { files: { "README.md": { executable: "A project.\n" } } }],
    ["that deletes a file", { files: { "README.md": null } }],
    ["that adds an empty file", { files: { "empty.txt": "" } }],
  ])("%s voids it", async (_name, options) => {
    const signed = await proposeSigned(scenario);
    const head = await scenario.propose({ message: "tidy\n", parents: [signed], ...options });
    expectVoid(await scenario.gate({ head }), "the content changed after signing");
  });

  it("that is empty leaves the content signed, and the message alone is not content", async () => {
    const signed = await proposeSigned(scenario);
    const head = await scenario.propose({ message: "empty\n", parents: [signed], files: {} });
    const report = await scenario.gate({ head });
    expect(report.verdict).toBe("pass");
    expect(report.signOffs).toMatchObject([{ counted: true, cover: "exact" }]);
  });
});

describe("T19: other content under the same message and dates", () => {
  it("voids the approval", async () => {
    const at = NOW - 90_000;
    const signed = await proposeSigned(scenario, { branch: "t19", at, files: { "t19.txt": "good\n" } });
    const head = await scenario.propose({ branch: "t19", at, files: { "t19.txt": "evil\n" } });
    const look = (id: string) => scenario.repo.git(["log", "-1", "--format=%an %ae %at %cn %ce %ct %B", id]);
    expect(await look(head)).toBe(await look(signed));
    expectVoid(await scenario.gate({ head }), "the content changed after signing");
  });

  it("of a series, in any one of its commits", async () => {
    const first = await scenario.propose({ files: { "t19-a.txt": "1\n" } });
    await proposeSigned(scenario, { parents: [first], files: { "t19-b.txt": "2\n" } });
    const forged = await scenario.propose({ files: { "t19-a.txt": "evil\n" } });
    const head = await scenario.propose({ parents: [forged], files: { "t19-b.txt": "2\n" } });
    expectVoid(await scenario.gate({ head }), "the content changed after signing");
  });
});

describe("T20: away by force and back again", () => {
  it("the approval holds for the approved tree on the approved base, and is listed each time", async () => {
    const signed = await proposeSigned(scenario, { files: { "t20.txt": "good\n" } });
    const away = await scenario.propose({ files: { "t20.txt": "evil\n" } });
    expectVoid(await scenario.gate({ head: away }), "the content changed after signing");
    const back = await scenario.propose({
      message: `${AI_MESSAGE}\nagain\n`,
      files: { "t20.txt": "good\n" },
    });
    const report = await scenario.gate({ head: back, versions: [signed, away] });
    expect(report.verdict).toBe("pass");
    expect(report.signOffs).toMatchObject([
      {
        principal: "senior",
        counted: true,
        cover: "exact",
        reason: `signed for the same base and tree as ${signed.slice(0, 12)}`,
      },
    ]);
  });

  it("but not when the senior wrote the version in between", async () => {
    await proposeSigned(scenario, { files: { "t20-b.txt": "good\n" } });
    const away = await scenario.propose({ author: identityOf("senior"), files: { "t20-b.txt": "other\n" } });
    const back = await scenario.propose({ files: { "t20-b.txt": "good\n" } });
    expectVoid(
      await scenario.gate({ head: back, versions: [away] }),
      `senior is author and committer of ${away.slice(0, 12)}`,
    );
  });

  it("nor when the policy changed meanwhile", async () => {
    const signed = await proposeSigned(scenario, { files: { "t20-c.txt": "good\n" } });
    const policy = await scenario.repo.git(["show", `${scenario.start}:.countersign/policy.yml`]);
    const base = await moveTarget(scenario, {
      ".countersign/policy.yml": `${policy}\n# stricter some day\n`,
    });
    const report = await scenario.gate({ base, head: signed });
    expectVoid(report, "signed under policy");
    expect(report.policySource?.commit).toBe(base);
  });
});

describe("T21: dates that lie", () => {
  it.each([
    ["before the approval", NOW - 100_000],
    ["before the project began", 1],
    ["in the future", NOW + 100_000],
  ])("a commit after the approval, dated %s", async (_name, at) => {
    const signed = await proposeSigned(scenario);
    const head = await scenario.propose({
      message: "tidy\n",
      parents: [signed],
      at,
      files: { "slipped.txt": `${at}\n` },
    });
    expect(await scenario.repo.git(["log", "-1", "--format=%at %ct", head])).toBe(`${at} ${at}`);
    expectVoid(await scenario.gate({ head }), "the content changed after signing");
  });

  it("a backdated commit below the approved one", async () => {
    await proposeSigned(scenario, { files: { "t21.txt": "1\n" } });
    const below = await scenario.propose({ at: 1, files: { "below.txt": "evil\n" } });
    const head = await scenario.propose({ parents: [below], files: { "t21.txt": "1\n" } });
    expectVoid(await scenario.gate({ head }), "the content changed after signing");
  });

  it.each([
    ["that says AI wrote it", AI_MESSAGE],
    ["that says nothing", "net: prepare\n"],
  ])("a commit %s, slipped in below a faithful copy of the approved one", async (_name, message) => {
    const signed = await proposeSigned(scenario, { files: { "t21-b.txt": "1\n" } });
    const below = await scenario.propose({ at: 1, message, files: { "below.txt": "evil\n" } });
    const head = await scenario.propose({ parents: [below], files: { "t21-b.txt": "1\n" } });
    expect(await patchId(head, ["--verbatim"])).toBe(await patchId(signed, ["--verbatim"]));
    expectVoid(await scenario.gate({ head }), "the content changed after signing");
  });

  it("a statement that claims to be older than the commit it names still names exactly that commit", async () => {
    const head = await scenario.propose({ at: NOW - 10 });
    await scenario.sign("senior", { head, at: NOW - 100_000 });
    expect((await scenario.gate({ head })).verdict).toBe("pass");
  });
});

describe("T22: white space with a meaning, which a patch id does not see", () => {
  it.each([
    [
      "YAML",
      "allow.yml",
      "rules:\n  deny:\n    - all\n",
      "rules:\n  deny:\n    - all\n  allow:\n    - admin\n",
      "rules:\n  deny:\n    - all\n    allow:\n    - admin\n",
    ],
    [
      "Python",
      "check.py",
      "def check(user):\n    audit(user)\n",
      "def check(user):\n    audit(user)\n    if user.admin:\n        log(user)\n        grant(user)\n",
      "def check(user):\n    audit(user)\n    if user.admin:\n        log(user)\n    grant(user)\n",
    ],
    ["a Makefile", "Makefile", "all:\n\techo\n", "all:\n\techo\n\trm -f out\n", "all:\n\techo\nrm -f out\n"],
    ["a quoted string", "run.sh", "#!/bin/sh\n", "#!/bin/sh\nrm -rf ./out\n", "#!/bin/sh\nrm -rf . / out\n"],
  ])("%s", async (_name, path, before, good, evil) => {
    const base = await moveTarget(scenario, { [path]: before });
    const signed = await proposeSigned(scenario, { files: { [path]: good } }, base);
    const head = await scenario.propose({ from: base, files: { [path]: evil } });
    expect(await patchId(head, ["--stable"])).toBe(await patchId(signed, ["--stable"]));
    expectVoid(await scenario.gate({ base, head }), "the content changed after signing");
  });
});

describe("T23: the same hunk somewhere else, which not even a verbatim patch id sees", () => {
  const body = (mark: string) => `{\n  open();\n  check();\n${mark}  work();\n  close();\n}\n`;
  const file = (first: string, second: string) =>
    `void guest()\n${body(first)}\nvoid admin()\n${body(second)}`;

  it.each([
    ["in another function", file("  allow();\n", ""), file("", "  allow();\n")],
    ["twice instead of once", file("  allow();\n", ""), file("  allow();\n", "  allow();\n")],
  ])("%s", async (_name, good, evil) => {
    const base = await moveTarget(scenario, { "access.c": file("", "") });
    const signed = await proposeSigned(scenario, { files: { "access.c": good } }, base);
    const head = await scenario.propose({ from: base, files: { "access.c": evil } });
    if (_name.startsWith("in another")) {
      const options = ["--verbatim"];
      const withoutNames = async (id: string) => {
        const patch = await scenario.repo.git(["diff-tree", "-p", `${id}^`, id]);
        const rows = patch
          .split("\n")
          .map((row) => (row.startsWith("@@") ? row.replace(/@@ [^@]*$/, "@@") : row));
        return (await scenario.repo.git(["patch-id", ...options], { input: `${rows.join("\n")}\n` })).split(
          " ",
        )[0];
      };
      expect(await withoutNames(head)).toBe(await withoutNames(signed));
    }
    expectVoid(await scenario.gate({ base, head }), "the content changed after signing");
  });

  it("in a file of another name", async () => {
    const base = await moveTarget(scenario, { "guest.c": file("", ""), "admin.c": file("", "") });
    await proposeSigned(scenario, { files: { "guest.c": file("  allow();\n", "") } }, base);
    const head = await scenario.propose({ from: base, files: { "admin.c": file("  allow();\n", "") } });
    expectVoid(await scenario.gate({ base, head }), "the content changed after signing");
  });
});
