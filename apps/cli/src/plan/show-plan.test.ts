// SPDX-License-Identifier: Apache-2.0
// Stand-ins for programs that hang, fail or talk too much; the real one is asked in impact-plan.test.ts.
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createTemporaryFolder } from "@countersign/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { showPlan } from "./show-plan.ts";

let folder: Awaited<ReturnType<typeof createTemporaryFolder>>;
let bin: string;
beforeEach(async () => {
  folder = await createTemporaryFolder();
  bin = join(folder.path, "bin");
  await mkdir(bin);
});
afterEach(() => folder.remove());

const program = (name: string, script: string) =>
  writeFile(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
const show = (timeout?: number) =>
  showPlan({
    plan: "/private/p.tfplan",
    cwd: folder.path,
    environment: {
      PATH: `${bin}:/usr/bin:/bin`,
      TF_CLI_ARGS_show: "other.tfplan",
      TF_LOG: "trace",
      TF_DATA_DIR: "x",
    },
    ...(timeout === undefined ? {} : { timeout }),
  });

describe("what a program says of a plan", () => {
  it("is asked of the copy, in the folder of its providers, with nothing of the caller's added", async () => {
    await program(
      "terraform",
      'echo "$* $PWD [$TF_CLI_ARGS_show] [$TF_LOG] [$TF_DATA_DIR] $CHECKPOINT_DISABLE"',
    );
    const { json, program: asked } = await show();
    expect(json.toString()).toBe(`show -json -no-color /private/p.tfplan ${folder.path} [] [] [x] 1\n`);
    expect(asked).toBe("terraform");
  });

  it("is asked of tofu where terraform is missing or cannot", async () => {
    await program("tofu", "echo '{}'");
    expect(await show()).toMatchObject({ program: "tofu" });
    await program("terraform", "exit 1");
    expect(await show()).toMatchObject({ program: "tofu" });
  });

  it("is unknown where neither is there", async () => {
    await expect(show()).rejects.toMatchObject({ name: "PlanError", code: "TOOL_MISSING" });
  });

  it("is unknown where it fails, in its own words without colours and frames", async () => {
    await program(
      "terraform",
      `printf '\\033[31m│ Error: plan file\\n│ was made by 1.9.0\\033[0m\\n' >&2; exit 1`,
    );
    const error = await show().catch((cause) => cause);
    expect(error).toMatchObject({ code: "TOOL_FAILED" });
    expect(error.message).toContain("Error: plan file was made by 1.9.0");
    expect(error.message).not.toContain("\u001b");
    await program("terraform", "exit 1");
    await expect(show()).rejects.toThrow("it said nothing");
  });

  it("is unknown where it hangs, and nothing that it started is left", async () => {
    const pid = join(folder.path, "pid");
    await program("terraform", `sleep 60 & echo $! > '${pid}'; wait`);
    await program("tofu", `touch '${pid}.tofu'; echo '{}'`);
    await expect(show(300)).rejects.toMatchObject({ code: "TOOL_TIMEOUT" });
    const child = (await readFile(pid, "utf8")).trim();
    await expect.poll(() => isRunning(child)).toBe(false);
    expect(existsSync(`${pid}.tofu`), "another program is not asked instead").toBe(false);
  });

  it("is unknown where it never ends to talk, on either stream", async () => {
    await program("terraform", "exec cat /dev/zero");
    await expect(show()).rejects.toMatchObject({ code: "OUTPUT_TOO_LARGE" });
    await program("terraform", "head -c 3000000 /dev/zero | tr '\\0' 'x' >&2; exit 1");
    const error = await show().catch((cause) => cause);
    expect(error).toMatchObject({ code: "TOOL_FAILED" });
    expect(error.message.length).toBeLessThan(1000);
  });
});

/** A process that has ended and that nobody waits for is still listed, as a zombie. */
async function isRunning(pid: string): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return status !== "" && !/\) [ZX] /.test(status);
}
