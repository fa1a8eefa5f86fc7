// SPDX-License-Identifier: Apache-2.0
import { join } from "node:path";
import { tryRun } from "@countersign/testkit";
import { describe, expect, it } from "vitest";

const MODULE = JSON.stringify(join(import.meta.dirname, "watchdog.ts"));

function runScript(script: string) {
  const text = `import { startWatchdog } from ${MODULE};\n${script}`;
  return tryRun(process.execPath, ["--input-type=module", "--no-warnings", "-e", text], {
    cwd: import.meta.dirname,
  });
}

describe("the watchdog", () => {
  it("ends a process whose main thread spins, and says why", async () => {
    const result = await runScript(
      'startWatchdog({ seconds: 1, message: "too long" }); await new Promise((r) => setTimeout(r, 300)); for (;;);',
    );
    expect(result).toMatchObject({ exitCode: 128, stderr: "too long\n" });
  });

  it("keeps no process alive", async () => {
    const started = Date.now();
    expect(await runScript('startWatchdog({ seconds: 30, message: "x" });')).toMatchObject({
      exitCode: 0,
      stderr: "",
    });
    expect(Date.now() - started).toBeLessThan(15_000);
  });

  it("waits as long as it was told last", async () => {
    const script =
      'const again = startWatchdog({ seconds: 30, message: "first" }); again({ seconds: 1, message: "second" }); await new Promise((r) => setTimeout(r, 20_000));';
    expect(await runScript(script)).toMatchObject({ exitCode: 128, stderr: "second\n" });
  });
});
