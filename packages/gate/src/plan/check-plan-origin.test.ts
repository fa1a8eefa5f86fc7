// SPDX-License-Identifier: Apache-2.0
import { inflateRawSync } from "node:zlib";
import { isReadOfPlan, parseSavedPlan, parseZipDirectory } from "@countersign/core/infrastructure";
import { openRepository } from "@countersign/git";
import { createRepository, type PlanParts, type TestRepository, toSavedPlan } from "@countersign/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkPlanOrigin } from "./check-plan-origin.ts";

const CALL = 'module "net" {\n  source = "../modules/net"\n}\n';
const NET = 'resource "terraform_data" "a" {}\n';
const FROM = { net: { dir: "../modules/net", source: "../modules/net" } };

let repo: TestRepository;
beforeAll(async () => {
  repo = await createRepository();
});
afterAll(() => repo.remove());

async function check(commit: string, parts: PlanParts, root = "infra") {
  const entries = parseZipDirectory(toSavedPlan(parts));
  const wanted = entries.filter(({ name }) => isReadOfPlan(name));
  const files = new Map(wanted.map(({ name, packed }) => [name, inflateRawSync(packed)]));
  const plan = parseSavedPlan(files, []);
  const repository = await openRepository(repo.path);
  return await checkPlanOrigin({ repository, commit, plan, root, trusted: [], generated: [] });
}

describe("a plan and a commit of a real repository", () => {
  it("compares with the commit that is named, whatever the work tree and other commits hold", async () => {
    const files = { "infra/main.tf": CALL, "modules/net/net.tf": NET, "infra/README.md": "x\n" };
    const old = await repo.commit({ message: "one\n", files });
    const now = await repo.commit({ message: "two\n", files: { "modules/net/net.tf": `${NET}#\n` } });
    const plan = { modules: { "": { "main.tf": CALL }, net: { "net.tf": NET } }, from: FROM };
    await repo.write("infra/main.tf", "# dirty\n");
    expect(await check(old, plan)).toMatchObject({ status: "same", modules: 2, files: 2 });
    expect(await check(now, plan)).toMatchObject({
      status: "differs",
      differences: [{ path: "modules/net/net.tf" }],
    });
    await repo.write("infra/main.tf", CALL);
  });

  it("reads what links lead to, folders and files, and says where they lead nowhere", async () => {
    const head = await repo.commit({
      message: "links\n",
      files: {
        "linked/main.tf": { symlink: "../shared/main.tf" },
        "linked/out.tf": { symlink: "/etc/passwd" },
        "shared/main.tf": NET,
        "by-folder": { symlink: "shared" },
      },
    });
    const plan = { modules: { "": { "main.tf": NET } } };
    expect(await check(head, plan, "by-folder")).toMatchObject({ status: "same", files: 1 });
    expect(await check(head, { modules: { "": { "main.tf": NET, "out.tf": "" } } }, "linked")).toMatchObject({
      status: "unknown",
      files: 1,
      unknown: ["linked/out.tf: a link that leads to no file of the commit"],
    });
  });

  it("does not know what a submodule holds, nor a folder that the commit has not", async () => {
    const head = await repo.commit({
      message: "submodule\n",
      files: { "modules/ext": { gitlink: "1".repeat(40) }, "infra/ext.tf": CALL.replace("/net", "/ext") },
    });
    const call = CALL.replace("/net", "/ext");
    const inside = await check(head, {
      modules: { "": { "main.tf": CALL, "ext.tf": call }, net: { "net.tf": NET } },
      from: { net: { dir: "../modules/ext/sub" } },
    });
    expect(inside.status).not.toBe("same");
    const plan = { modules: { "": { "x.tf": "" } } };
    expect(await check(head, plan, "modules/ext")).toMatchObject({
      status: "unknown",
      unknown: [expect.stringContaining("lies in a submodule")],
    });
    expect(await check(head, plan, "nowhere")).toMatchObject({
      status: "unknown",
      unknown: [expect.stringContaining("no configuration in nowhere")],
    });
  });

  it("fails where the commit is not here", async () => {
    await expect(check("2".repeat(40), { modules: { "": {} } })).rejects.toThrow(
      expect.objectContaining({ code: "MISSING_OBJECT" }),
    );
  });
});
