// SPDX-License-Identifier: Apache-2.0
// Every Terraform file of the corpus before HashiCorp's own parser: what it accepts we understand, what it refuses we say we do not.
import { spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { assessChange } from "@countersign/core/infrastructure";
import { createTemporaryFolder } from "@countersign/testkit";
import { describe, expect, it } from "vitest";
import { readCorpus } from "./read-corpus.ts";

const env = { ...process.env, TF_CLI_CONFIG_FILE: "/dev/null", CHECKPOINT_DISABLE: "1" };
const HAS_TERRAFORM = spawnSync("terraform", ["version"], { env }).status === 0;
if (!HAS_TERRAFORM)
  process.stderr.write("SKIPPED: terraform is not on PATH, so nothing compares the corpus with its parser\n");

const texts = [
  ...new Set(
    readCorpus().flatMap(({ before, after }) =>
      [...before, ...after].flatMap(([path, text]) => (/\.(?:tf|tfvars)$/.test(path) ? [text] : [])),
    ),
  ),
];

describe.runIf(HAS_TERRAFORM)("the corpus before HashiCorp's parser", () => {
  it("has Terraform that both read alike", async () => {
    await using folder = await createTemporaryFolder();
    await Promise.all(texts.map((text, i) => writeFile(join(folder.path, `${i}.tf`), text)));
    const args = ["fmt", "-write=false", "-list=false", "-no-color", folder.path];
    const { stderr } = spawnSync("terraform", args, { env, encoding: "utf8" });
    const refused = new Set([...stderr.matchAll(/(\d+)\.tf line/g)].map(([, number]) => Number(number)));
    const understood = (text: string) => {
      const after = { path: "main.tf", text };
      return assessChange([{ path: "main.tf", before: null, after }]).unparsed.length === 0;
    };
    expect(texts.length).toBeGreaterThan(300);
    expect(refused.size).toBeGreaterThan(0);
    expect(texts.filter((text, i) => understood(text) === refused.has(i))).toEqual([]);
  });
});
