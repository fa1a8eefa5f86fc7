// SPDX-License-Identifier: Apache-2.0
// `npm run bench [-- NAME] [--repo PATH]`: runs bench/*.bench.ts one after the other, each in a process of its own.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { BUNDLE, build, ROOT } from "./build.mjs";

const { values, positionals } = parseArgs({ options: { repo: { type: "string" } }, allowPositionals: true });
const folder = join(ROOT, "bench");
const all = existsSync(folder)
  ? readdirSync(folder)
      .filter((name) => name.endsWith(".bench.ts"))
      .sort()
  : [];
const chosen =
  positionals.length === 0 ? all : all.filter((name) => positionals.some((part) => name.startsWith(part)));
if (chosen.length === 0) {
  console.error(
    `no benchmark of that name; there are: ${all.map((name) => name.replace(".bench.ts", "")).join(", ") || "none"}`,
  );
  process.exit(2);
}

await build();
const repo =
  values.repo === undefined ? [] : ["--repo", resolve(process.env.INIT_CWD ?? process.cwd(), values.repo)];
const failed = chosen.filter((name) => {
  console.log(`\n== ${name.replace(".bench.ts", "")}`);
  const env = { ...process.env, COUNTERSIGN_BUNDLE: BUNDLE };
  return (
    spawnSync(process.execPath, [join(folder, name), ...repo], { cwd: ROOT, stdio: "inherit", env })
      .status !== 0
  );
});
if (failed.length > 0) console.error(`\nfailed: ${failed.join(", ")}`);
process.exitCode = failed.length === 0 ? 0 : 1;
