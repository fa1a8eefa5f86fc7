// SPDX-License-Identifier: Apache-2.0
import type { Impact } from "@countersign/core/infrastructure";
import { openRepository } from "@countersign/git";
import { createRepository, type FileContent, START, type TestRepository } from "@countersign/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runImpact } from "./run-impact.ts";

const TRAIL = 'resource "aws_cloudtrail" "org" {\n  name = "org"\n}\n';
const GROUP =
  'resource "aws_security_group" "web" {\n  ingress {\n    cidr_blocks = ["10.0.0.0/8"]\n  }\n}\n';
const OPEN = GROUP.replace("10.0.0.0/8", "0.0.0.0/0");

const NO_LABELS = { evidence: [], evaluatedAt: START };

let repo: TestRepository;
let start: string;
beforeAll(async () => {
  repo = await createRepository();
  start = await repo.commit({
    message: "start\n",
    files: {
      "infra/trail.tf": TRAIL,
      "infra/group.tf": GROUP,
      "docs/notes.txt": "nothing\n",
      "shared/rules.txt": GROUP,
      "infra/shared.tf": { symlink: "../shared/rules.txt" },
      "src/main.c": "int main;\n",
    },
  });
});
afterAll(() => repo[Symbol.asyncDispose]());

let changes = 0;
async function impactOf(files: Readonly<Record<string, FileContent>>): Promise<Impact> {
  const head = await repo.commit({
    branch: `change-${++changes}`,
    parents: [start],
    message: "change\n",
    files,
  });
  return runImpact({ repository: await openRepository(repo.path), base: start, head, ...NO_LABELS });
}

const dangersOf = ({ resources }: Impact) =>
  resources.flatMap(({ path, dangers }) => dangers.map(({ code, reason }) => `${path}: ${code}: ${reason}`));
const named = ({ resources }: Impact) =>
  resources.map(({ action, path, oldPath, name }) => [action, path, oldPath, name]);

describe("T40: a renamed file is looked at on both sides", () => {
  it("is a rename where Terraform reads the new name", async () => {
    const impact = await impactOf({ "infra/trail.tf": null, "infra/audit.tf": TRAIL });
    expect(named(impact)).toEqual([["rename", "infra/audit.tf", "infra/trail.tf", "org"]]);
    expect(dangersOf(impact)).toEqual([]);
  });

  it("takes the resource away where Terraform does not", async () => {
    const impact = await impactOf({ "infra/trail.tf": null, "notes.txt": TRAIL });
    expect(dangersOf(impact)).toEqual([
      'notes.txt: audit-off: what records events is taken away (nothing that applies terraform reads "notes.txt")',
    ]);
    expect(impact.unparsed.map(({ reason }) => reason)).toEqual([
      "Terraform under a name by which nothing applies it; another file may read it",
    ]);
  });

  it("compares what is renamed and edited with what it was", async () => {
    const impact = await impactOf({ "infra/group.tf": null, "infra/edge.tf": OPEN });
    expect(named(impact)).toEqual([["update", "infra/edge.tf", "infra/group.tf", "web"]]);
    expect(dangersOf(impact)).toEqual(["infra/edge.tf: cidr-opened: lets in the internet: 0.0.0.0/0"]);
  });
});

describe("T41: infrastructure under another name", () => {
  it.each<[string, Record<string, string>, string[]]>([
    [
      "Terraform in a text file",
      { "app.txt": OPEN },
      ["app.txt: cidr-opened: lets in the internet: 0.0.0.0/0"],
    ],
    [
      "Terraform in UTF-16",
      { "app.txt": [...OPEN].join("\0") },
      ["app.txt: cidr-opened: lets in the internet: 0.0.0.0/0"],
    ],
    [
      "a policy document",
      { "files/everything.json": '{"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}\n' },
      [
        "files/everything.json: wildcard-action: allows *",
        "files/everything.json: privilege-widened: newly allows * on *",
      ],
    ],
  ])("%s", async (_, files, dangers) => {
    expect(dangersOf(await impactOf(files))).toEqual(dangers);
  });

  it("a binary file beside Terraform may hold anything", async () => {
    const impact = await impactOf({
      "infra/lambda.bin": Uint8Array.of(0, 1, 2),
      "src/a.bin": Uint8Array.of(0, 1),
    });
    expect(impact.unparsed).toMatchObject([
      { path: "infra/lambda.bin", reason: "a binary file beside infrastructure, which may hold anything" },
    ]);
  });
});

describe("T42: links and submodules are what they lead to", () => {
  it.each<[string, Record<string, FileContent>, string]>([
    [
      "a new link to infrastructure",
      { "link.txt": { symlink: "infra/group.tf" } },
      "a symbolic link to infra/group.tf",
    ],
    [
      "a link out of the repository",
      { "link.txt": { symlink: "../../etc/passwd" } },
      "a symbolic link that leads out of the repository",
    ],
    [
      "a submodule",
      { vendored: { gitlink: "1".repeat(40) } },
      "a commit of another repository, whose content is not known here",
    ],
    [
      "a link that leads elsewhere now",
      { "infra/shared.tf": { symlink: "../infra/trail.tf" } },
      "a symbolic link to infra/trail.tf",
    ],
  ])("%s", async (_, files, reason) => {
    expect((await impactOf(files)).unparsed.map((file) => file.reason)).toEqual([reason]);
  });

  it("a file that Terraform reads through a link is Terraform", async () => {
    expect(dangersOf(await impactOf({ "shared/rules.txt": OPEN }))).toEqual([
      "shared/rules.txt: cidr-opened: lets in the internet: 0.0.0.0/0",
    ]);
  });
});

describe("T43 to T46", () => {
  it("T43: reads names in every spelling, with blanks, line ends and quotes in them", async () => {
    const impact = await impactOf({
      "infra/GROUP2.TF": OPEN,
      'infra/a "b"\n c.tf': OPEN,
      "infra/é.tf": OPEN,
    });
    expect(impact.resources.map(({ path }) => path).sort()).toEqual(
      ['infra/a "b"\n c.tf', "infra/GROUP2.TF", "infra/é.tf"].sort(),
    );
  });

  it("T44: attributes hide nothing", async () => {
    const files = {
      ".gitattributes": "*.tf -diff binary linguist-generated export-ignore\n",
      "infra/group.tf": OPEN,
    };
    expect(dangersOf(await impactOf(files))).toEqual([
      "infra/group.tf: cidr-opened: lets in the internet: 0.0.0.0/0",
    ]);
  });

  it("T45: names the limit of what is too large to be read", async () => {
    const impact = await impactOf({
      "infra/big.tf": `# ${"x".repeat(1_000_001)}\n`,
      "infra/huge.tf": "#".repeat(5_000_000),
      "a.png": "#".repeat(5_000_000),
    });
    expect(impact.unparsed.map(({ path, reason }) => `${path}: ${reason}`)).toEqual([
      "infra/big.tf: Terraform of 1000004 characters; at most 1000000 are read",
      "infra/huge.tf: 5000000 bytes; at most 4194304 are read",
    ]);
  });

  it("T46: a mode that changes alone is a change, and a pointer into Git LFS is not content", async () => {
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${"a".repeat(64)}\nsize 12\n`;
    const impact = await impactOf({
      "infra/trail.tf": { executable: TRAIL },
      "infra/group.tf": pointer,
    });
    expect(impact.unparsed.map(({ path, reason }) => `${path}: ${reason}`)).toEqual([
      "infra/group.tf: its content lies in Git LFS",
      "infra/trail.tf: only its mode changed: 100644 → 100755",
    ]);
  });
});
