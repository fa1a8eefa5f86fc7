// SPDX-License-Identifier: Apache-2.0
// A real API server before the webhook, and the admission plugin of a newer one before the native policy.
// Arguments: `apiserver`, `plugin`; both without any.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { buildApiServer } from "./build-apiserver.ts";
import { buildAskPlugin } from "./build-ask-plugin.ts";

const ROOT = join(import.meta.dirname, "../..");
/** Outside what Git looks at; another folder may be shared by several checkouts. 6 GB. */
const CACHE = process.env.COUNTERSIGN_KUBERNETES_CACHE ?? join(ROOT, ".cache/e2e-kubernetes");

const PARTS = {
  apiserver: async () => {
    console.error(
      "building kube-apiserver from Debian's source package (some eight minutes the first time) …",
    );
    const { apiserver, path } = await buildApiServer(join(CACHE, "apiserver"));
    return test("kube-apiserver.test.ts", {
      COUNTERSIGN_KUBE_APISERVER: apiserver,
      PATH: `${path}:${process.env.PATH}`,
    });
  },
  plugin: async () => {
    console.error(
      "building the API server's admission plugin from Debian's packages (some two minutes the first time) …",
    );
    return test("native-admission.test.ts", {
      COUNTERSIGN_ASK_PLUGIN: await buildAskPlugin(join(CACHE, "plugin")),
    });
  },
};

const { positionals } = parseArgs({ allowPositionals: true });
const isPart = (name: string): name is keyof typeof PARTS => Object.hasOwn(PARTS, name);
const unknown = positionals.filter((name) => !isPart(name));
if (unknown.length > 0) {
  console.error(`no part is called ${unknown.join(", ")}; there are: ${Object.keys(PARTS).join(", ")}`);
  process.exit(2);
}
const chosen = positionals.length === 0 ? Object.keys(PARTS) : positionals;
for (const name of chosen.filter(isPart)) {
  const exitCode = await PARTS[name]().catch((error: unknown) => {
    console.error(`${name}: ${error instanceof Error ? error.message : error}`);
    return 1;
  });
  process.exitCode ||= exitCode;
}

function test(file: string, environment: Readonly<Record<string, string>>): number {
  const vitest = join(ROOT, "node_modules/vitest/vitest.mjs");
  const { status } = spawnSync(process.execPath, [vitest, "run", `apps/cli/src/serve/${file}`], {
    cwd: ROOT,
    env: { ...process.env, ...environment },
    stdio: "inherit",
  });
  return status ?? 1;
}
