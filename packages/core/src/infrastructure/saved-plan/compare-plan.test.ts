// SPDX-License-Identifier: Apache-2.0
import { inflateRawSync } from "node:zlib";
import { type PlanParts, toSavedPlan } from "@countersign/testkit";
import { describe, expect, it } from "vitest";
import { toUtf8 } from "../../ids/index.ts";
import { comparePlan } from "./compare-plan.ts";
import type { CommittedFolders, PlanFolder } from "./plan-origin.ts";
import { isReadOfPlan, parseSavedPlan, type SavedPlan } from "./saved-plan.ts";
import { parseZipDirectory } from "./zip-directory.ts";

function read(parts: PlanParts): SavedPlan {
  const entries = parseZipDirectory(toSavedPlan(parts));
  const wanted = entries.filter(({ name }) => isReadOfPlan(name));
  return parseSavedPlan(
    new Map(wanted.map(({ name, packed }) => [name, inflateRawSync(packed)])),
    entries.map(({ name }) => name),
  );
}

/** What the commit has; `links`: folders that lead to another one. */
function committed(
  folders: Readonly<Record<string, Readonly<Record<string, string>> | string>>,
  {
    root = "",
    trusted = [] as readonly string[],
    generated = [] as readonly string[],
    links = {} as Readonly<Record<string, string>>,
  } = {},
): CommittedFolders {
  const toFolder = (files: Readonly<Record<string, string>> | string): PlanFolder =>
    typeof files === "string"
      ? { problem: files }
      : { files: new Map(Object.entries(files).map(([name, text]) => [name, toUtf8(text)])) };
  return {
    root,
    trusted,
    generated,
    follow: (path) => links[path] ?? path,
    folders: new Map(Object.entries(folders).map(([path, files]) => [path, toFolder(files)])),
  };
}

const CALL = 'module "net" {\n  source = "./modules/net"\n}\n';
const NET = 'resource "aws_vpc" "a" {}\n';
const NETWORK: PlanParts = {
  modules: { "": { "main.tf": CALL }, net: { "net.tf": NET } },
  from: { net: { dir: "modules/net", source: "./modules/net" } },
};
const TREE = { "": { "main.tf": CALL }, "modules/net": { "net.tf": NET } };

describe("a plan beside the commit it was made from", () => {
  it("is the same where every file of every local module is", () => {
    const origin = comparePlan(read(NETWORK), committed(TREE));
    expect(origin).toMatchObject({
      status: "same",
      root: "",
      modules: 2,
      files: 2,
      differences: [],
      unknown: [],
    });
    expect(origin.unchecked[0]).toBe("versions of providers: the commit has no .terraform.lock.hcl");
    expect(origin.unchecked.join()).toContain("values of variables");
  });

  it("is looked for in the folder of its root module, and above it", () => {
    const call = CALL.replace("./modules", "../../modules");
    const plan = read({
      modules: { "": { "main.tf": call }, net: { "net.tf": NET } },
      from: { net: { dir: "../../modules/net" } },
    });
    const tree = { "infra/prod": { "main.tf": call }, "modules/net": { "net.tf": NET } };
    expect(comparePlan(plan, committed(tree, { root: "infra/prod" }))).toMatchObject({ status: "same" });
    const elsewhere = comparePlan(plan, committed(tree));
    expect(elsewhere).toMatchObject({ status: "unknown" });
    expect(elsewhere.unknown.join()).toContain("--plan-root DIR");
  });

  it.each<[string, PlanParts, string, string]>([
    [
      "a file that was changed",
      { ...NETWORK, modules: { "": { "main.tf": `${CALL}# more\n` }, net: { "net.tf": NET } } },
      "main.tf",
      "was another when it was planned",
    ],
    [
      "a file of a module that was changed",
      { ...NETWORK, modules: { "": { "main.tf": CALL }, net: { "net.tf": "# nothing\n" } } },
      "modules/net/net.tf",
      "was another",
    ],
    [
      "a file that nobody committed",
      { ...NETWORK, modules: { "": { "main.tf": CALL, "x_override.tf": "" }, net: { "net.tf": NET } } },
      "x_override.tf",
      "the plan has it, and the commit does not",
    ],
    [
      "a file that was left out",
      { ...NETWORK, modules: { "": { "main.tf": CALL }, net: {} } },
      "modules/net/net.tf",
      "the commit has it, and the plan does not",
    ],
    [
      "other ends of lines",
      { ...NETWORK, modules: { "": { "main.tf": CALL.replaceAll("\n", "\r\n") }, net: { "net.tf": NET } } },
      "main.tf",
      "core.autocrlf=false",
    ],
    [
      "a module that was read from another folder than its call says",
      { ...NETWORK, from: { net: { dir: "modules/other", source: "./modules/net" } } },
      "modules/other",
      "module.net was read from here, and is in modules/net",
    ],
    [
      "a local module that the plan passes off as one of a registry",
      { ...NETWORK, from: { net: { dir: ".terraform/modules/net", source: "registry.terraform.io/a/b/c" } } },
      ".terraform/modules/net",
      "is in modules/net",
    ],
  ])("differs by %s", (_what, parts, path, reason) => {
    const origin = comparePlan(read(parts), committed(TREE, { trusted: ["*"] }));
    expect(origin.status).toBe("differs");
    expect(origin.differences).toContainEqual({ path, reason: expect.stringContaining(reason) });
  });

  it("lets a file that a tool made through by its name, and never in place of one of the commit", () => {
    const plan = (files: Readonly<Record<string, string>>) =>
      read({ ...NETWORK, modules: { "": files, net: { "net.tf": NET } } });
    const known = committed(TREE, { generated: ["backend.tf", "main.tf"] });
    const made = comparePlan(plan({ "main.tf": CALL, "backend.tf": "terraform {}" }), known);
    expect(made).toMatchObject({ status: "same" });
    expect(made.unchecked).toContain("backend.tf: not in the commit, and taken as it is (--trust-file)");
    expect(comparePlan(plan({ "main.tf": "#" }), known).differences).toMatchObject([{ path: "main.tf" }]);
    const inside = read({
      ...NETWORK,
      modules: { "": { "main.tf": CALL }, net: { "net.tf": NET, "backend.tf": "" } },
    });
    expect(comparePlan(inside, known).differences).toMatchObject([{ path: "modules/net/backend.tf" }]);
  });

  it("names a file of a module that is called twice once", () => {
    const call = `${CALL}module "again" {\n  source = "./modules/net"\n}\n`;
    const plan = read({
      modules: { "": { "main.tf": call }, net: { "net.tf": "#" }, again: { "net.tf": "#" } },
      from: { net: { dir: "modules/net" }, again: { dir: "modules/net" } },
    });
    const origin = comparePlan(plan, committed({ ...TREE, "": { "main.tf": call } }));
    expect(origin.differences).toHaveLength(1);
  });

  const REMOTE = 'module "vpc" {\n  source = "terraform-aws-modules/vpc/aws"\n}\n';
  const FOREIGN: PlanParts = {
    modules: { "": { "main.tf": REMOTE }, vpc: { "vpc.tf": NET }, "vpc.sub": { "sub.tf": NET } },
    from: { vpc: { dir: ".terraform/modules/vpc" }, "vpc.sub": { dir: ".terraform/modules/vpc/sub" } },
  };

  it.each([
    ["nobody", [], "unknown"],
    ["its name", ["terraform-aws-modules/vpc/aws"], "same"],
    ["the beginning of its name", ["terraform-aws-modules/*"], "same"],
    ["another one", ["terraform-aws-modules/vpc"], "unknown"],
  ])("with a module of a registry that is trusted by %s", (_what, trusted, status) => {
    const origin = comparePlan(read(FOREIGN), committed({ "": { "main.tf": REMOTE } }, { trusted }));
    expect(origin.status).toBe(status);
    const said = (status === "same" ? origin.unchecked : origin.unknown).join("\n");
    expect(said).toContain("module.vpc is terraform-aws-modules/vpc/aws: ");
    expect(said).toContain("--trust-module");
  });

  it.each<[string, string, PlanParts, string]>([
    [
      "a module whose source is computed",
      'module "net" {\n  source = var.where\n}\n',
      { modules: { net: { "net.tf": NET } }, from: { net: { dir: "elsewhere" } } },
      "from a source that is computed",
    ],
    [
      "a module outside of the repository",
      'module "net" {\n  source = "../net"\n}\n',
      { modules: { net: { "net.tf": NET } }, from: { net: { dir: "../net" } } },
      "outside of the repository",
    ],
    ["a module that is not in it", CALL, { modules: {} }, "module.net is called, and is not in the plan"],
    [
      "a module that nothing calls",
      "",
      { modules: { net: { "net.tf": NET } }, from: { net: { dir: "modules/net" } } },
      "module.net is in the plan, and no call",
    ],
    ["a file that is not understood", 'module "net" {', { modules: {} }, "main.tf is not understood"],
  ])("leaves %s unknown", (_what, main, parts, words) => {
    const plan = read({ ...parts, modules: { "": { "main.tf": main }, ...parts.modules } });
    const origin = comparePlan(
      plan,
      committed({ "": { "main.tf": main }, "modules/net": { "net.tf": NET } }),
    );
    expect(origin.status).toBe("unknown");
    expect(origin.unknown.join("\n")).toContain(words);
  });

  it("takes a file that is not understood where it can call nothing, and a call in JSON by whatever letters", () => {
    const plan = read({ modules: { "": { "main.tf": 'resource "a" {' } } });
    expect(comparePlan(plan, committed({ "": { "main.tf": 'resource "a" {' } }))).toMatchObject({
      status: "same",
    });
    const hidden = '{"\\u006dodule":{"net":{"source":"./modules/net"}}}';
    const parts = { ...NETWORK, modules: { "": { "main.tf.json": hidden }, net: { "net.tf": "#" } } };
    const origin = comparePlan(read(parts), committed({ ...TREE, "": { "main.tf.json": hidden } }));
    expect(origin.differences).toMatchObject([{ path: "modules/net/net.tf" }]);
  });

  it("compares a module whose source is computed and leads to a folder of the commit", () => {
    const main = 'module "net" {\n  source = var.where\n}\n';
    const plan = read({ ...NETWORK, modules: { "": { "main.tf": main }, net: { "net.tf": "#" } } });
    const origin = comparePlan(plan, committed({ ...TREE, "": { "main.tf": main } }));
    expect(origin.differences).toMatchObject([{ path: "modules/net/net.tf" }]);
  });

  it("takes the source of an override, as Terraform does, and compares what it leads to", () => {
    const over = 'module "net" {\n  source = "./other"\n}\n';
    const files = { "main.tf": CALL, "override.tf": over };
    const plan = read({
      modules: { "": files, net: { "net.tf": NET } },
      from: { net: { dir: "other" } },
    });
    const origin = comparePlan(plan, committed({ "": files, other: { "net.tf": NET } }));
    expect(origin).toMatchObject({ status: "same", modules: 2 });
  });

  it("follows links of the commit, as Terraform does", () => {
    const plan = read({ ...NETWORK, from: { net: { dir: "shared/net" } } });
    const tree = { "": { "main.tf": CALL }, "shared/net": { "net.tf": NET } };
    const linked = committed(tree, { links: { "modules/net": "shared/net" } });
    expect(comparePlan(plan, linked)).toMatchObject({ status: "same" });
    expect(comparePlan(plan, committed(tree))).toMatchObject({ status: "differs" });
  });

  it("does not know what is in a folder that it is not told", () => {
    const origin = comparePlan(read(NETWORK), committed({ ...TREE, "modules/net": "a submodule" }));
    expect(origin).toMatchObject({ status: "unknown", unknown: ["modules/net: a submodule"] });
  });
});

describe("which files a program loads", () => {
  it("is by the program: OpenTofu takes its own in place of Terraform's", () => {
    const tree = { "": { "a.tf": "# 1", "b.tf": "# 2", "a.tofu": "# 3" } };
    const tofu = read({ modules: { "": { "b.tf": "# 2", "a.tofu": "# 3" } } });
    const terraform = read({ modules: { "": { "a.tf": "# 1", "b.tf": "# 2" } } });
    const mixed = read({ modules: { "": { "a.tf": "# 1", "b.tf": "# 2", "a.tofu": "# 3" } } });
    expect([tofu, terraform, mixed].map((plan) => comparePlan(plan, committed(tree)).status)).toEqual([
      "same",
      "same",
      "differs",
    ]);
    expect(comparePlan(terraform, committed(tree)).unchecked).toContain(
      "a.tofu: not in the plan, as Terraform leaves it out; OpenTofu would not",
    );
  });
});

describe("the providers of a plan", () => {
  const lock = (version: string, ...hashes: readonly string[]) =>
    `provider "registry.terraform.io/hashicorp/null" {\n  version = "${version}"\n  hashes = [\n${hashes.map((hash) => `    "${hash}",\n`).join("")}  ]\n}\n`;
  const compare = (planned: string, pinned: string) =>
    comparePlan(
      read({ modules: { "": { "main.tf": "" } }, lock: planned }),
      committed({ "": { "main.tf": "", ".terraform.lock.hcl": pinned } }),
    );

  it("are those that the commit pins, though init added hashes for this machine", () => {
    expect(compare(lock("3.2.1", "h1:a"), lock("3.2.1", "h1:a")).status).toBe("same");
    expect(compare(lock("3.2.1", "h1:a", "h1:b"), lock("3.2.1", "h1:a")).status).toBe("same");
    expect(compare("", lock("3.2.1", "h1:a")).status).toBe("same");
  });

  it.each([
    [
      "another version",
      lock("3.2.2", "h1:a"),
      lock("3.2.1", "h1:a"),
      "pins registry.terraform.io/hashicorp/null 3.2.1",
    ],
    ["other hashes", lock("3.2.1", "h1:b"), lock("3.2.1", "h1:a"), "by other hashes"],
    ["one that is not pinned", lock("3.2.1", "h1:a"), "", "does not name"],
    ["a lock that is broken", lock("3.2.1", "h1:a"), "provider {", "cannot be read"],
    ["one that stands twice", lock("3.2.1"), lock("3.2.1") + lock("3.2.1"), "cannot be read"],
  ])("differ by %s", (_what, planned, pinned, reason) => {
    expect(compare(planned, pinned)).toMatchObject({
      status: "differs",
      differences: [{ path: ".terraform.lock.hcl", reason: expect.stringContaining(reason) }],
    });
  });
});

describe("a saved plan", () => {
  const refused = (parts: PlanParts) => () => read(parts);
  const ROOT = { "": { "main.tf": "" } };

  it("names files of which nobody here knows what they are", () => {
    const plan = read({ modules: ROOT, more: [{ name: "tfpolicy", content: "" }] });
    expect(comparePlan(plan, committed({ "": { "main.tf": "" } })).unchecked.join()).toContain(
      "tfpolicy: nobody",
    );
  });

  it.each<[string, PlanParts, string]>([
    [
      "files of a module that it does not list",
      { modules: ROOT, more: [{ name: "tfconfig/m-x/a.tf", content: "" }] },
      "of no module",
    ],
    ["a file of no module", { modules: ROOT, more: [{ name: "tfconfig/m-x", content: "" }] }, "of no module"],
    ["no root module", { modules: { x: {} } }, "lists no root module"],
  ])("is refused with %s", (_what, parts, words) => {
    expect(refused(parts)).toThrow(
      expect.objectContaining({ code: "PLAN_MALFORMED", message: expect.stringContaining(words) }),
    );
  });

  it.each([
    [
      "one member in two spellings, of which Go takes the last",
      '[{"Key":"","key":"a","Dir":"."}]',
      "no module",
    ],
    ["one member twice", '[{"Key":"","Dir":".","Dir":"x"}]', "each key once"],
    ["one module twice", '[{"Key":"","Dir":"."},{"Key":"","Dir":"x"}]', "is listed twice"],
    ["a list that is none", '{"Key":""}', "is no list"],
    ["a folder that is none", '[{"Key":"","Dir":1}]', "no module"],
  ])("is refused where it lists %s", (_what, manifest, words) => {
    const entries = parseZipDirectory(toSavedPlan({ modules: ROOT }));
    const files = new Map(entries.map(({ name, packed }) => [name, inflateRawSync(packed)]));
    files.set("tfconfig/modules.json", Buffer.from(manifest));
    expect(() => parseSavedPlan(files, [])).toThrow(
      expect.objectContaining({ message: expect.stringContaining(words) }),
    );
  });

  it("is refused without its plan or its list of modules", () => {
    expect(() => parseSavedPlan(new Map(), [])).toThrow("it holds no tfplan");
    expect(() => parseSavedPlan(new Map([["tfplan", new Uint8Array()]]), [])).toThrow("modules.json");
  });
});
