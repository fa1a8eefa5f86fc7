// SPDX-License-Identifier: Apache-2.0
import { openRepository } from "@countersign/git";
import { createRepository, START, type TestRepository } from "@countersign/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LandedChange } from "./landed-change.ts";
import { readLanded } from "./read-landed.ts";

const MAIN = "refs/heads/main";
const AI = "AI-Assisted: claude-code/claude-opus-4-8";
const ROUTE = (gateway: string) => `resource "aws_route" "peer" {
  route_table_id         = aws_route_table.main.id
  destination_cidr_block = "10.0.0.0/8"
  gateway_id             = "${gateway}"
}
`;
const POLICY = "version: 1\nextends: amazon\nrepository: https://git.example/p\n";

let repo: TestRepository;
beforeAll(async () => {
  repo = await createRepository();
  await repo.commit({ message: `start\n\n${AI}\n`, files: { "infra/route.tf": ROUTE("a") } });
  await repo.commit({ message: `route it\n\n${AI}\n`, files: { "infra/route.tf": ROUTE("b") } });
  await repo.commit({ message: "policy\n", files: { ".countersign/policy.yml": POLICY } });
  await repo.commit({ message: "by hand\n", files: { "infra/route.tf": ROUTE("c") } });
  await repo.commit({ message: `page\n\n${AI}\n`, files: { "web/page.txt": "a\n" } });
  await repo.branch("work");
  await repo.commit({ message: `one\n\n${AI}\n`, branch: "work", files: { "infra/route.tf": ROUTE("d") } });
  await repo.commit({
    message: "two\n",
    branch: "work",
    files: { "infra/route.tf": `${ROUTE("d")}\n# x\n` },
  });
  await repo.checkout("main");
  await repo.git(["merge", "--no-ff", "--quiet", "-m", "Merge work", "work"]);
});
afterAll(() => repo.remove());

async function read(more: { readonly isImpactRead?: boolean }): Promise<readonly LandedChange[]> {
  const { changes } = await readLanded({
    repository: await openRepository(repo.path),
    base: null,
    head: await repo.id(MAIN),
    target: MAIN,
    judgedAt: () => START,
    now: START,
    evidence: [],
    ...more,
  });
  const all: LandedChange[] = [];
  for await (const batch of changes) all.push(...batch);
  return all;
}

describe("what landed with the help of an AI", () => {
  it("is told with the infrastructure that it touches: first commit, before any policy, after it, and merged", async () => {
    const rows = (await read({ isImpactRead: true })).map(({ impact }) =>
      impact?.resources.map(({ action, name, ai, dangers }) => [action, name, ai, dangers[0]?.code]),
    );
    const route = ["update", "peer", { lines: 1, of: 1 }, "route-changed"];
    expect(rows).toEqual([
      [["create", "peer", { lines: 5, of: 5 }, "route-changed"]],
      [route],
      undefined,
      undefined,
      [],
      [route],
    ]);
  });

  it("is not looked into where nobody asks, as before a deployment", async () => {
    expect((await read({})).map(({ impact }) => impact)).toEqual(Array(6).fill(null));
  });
});
