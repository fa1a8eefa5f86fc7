// SPDX-License-Identifier: Apache-2.0
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createRepository } from "@countersign/testkit";
import { expect, test } from "vitest";

test("an input that is never closed holds the agent up to the deadline and no longer, and the loss is named", async () => {
  await using repo = await createRepository();
  const script = `import { record } from ${JSON.stringify(join(import.meta.dirname, "record.ts"))};
    await record("claude-code", 300);`;
  const started = Date.now();
  const child = spawn(
    "/bin/sh",
    ["-c", '"$0" --input-type=module -e "$1" || exit 0', process.execPath, script],
    {
      cwd: repo.path,
      stdio: ["pipe", "pipe", "ignore"],
    },
  );
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  const code = await new Promise((resolve) => child.once("exit", resolve));
  child.stdin.destroy();
  expect([code, said]).toEqual([0, ""]);
  expect(Date.now() - started).toBeLessThan(20_000);
  const lost = await readFile(join(repo.path, ".git/countersign/recorder/lost.ndjson"), "utf8");
  expect(lost).toContain("hook-timed-out");
});
