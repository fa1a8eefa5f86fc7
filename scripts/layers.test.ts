// SPDX-License-Identifier: Apache-2.0
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkLayers, type LayerReport } from "./layers.ts";

const ROOT = resolve(import.meta.dirname, "..");
const PACKAGES = ["core", "git", "signing", "agents", "store", "recorder", "gate", "audit", "testkit"];
const CORE_PARTS = ["ids", "trailers", "attribution", "attestation", "policy", "ledger", "audit", "render"];

let workspace: string;

/** A workspace of the same shape with one empty module in every place, so that planted files import real targets. */
beforeAll(() => {
  workspace = mkdtempSync(join(tmpdir(), "countersign-layers-"));
  mkdirSync(join(workspace, "node_modules/@countersign"), { recursive: true });
  for (const entry of readdirSync(join(ROOT, "node_modules"))) {
    if (entry.startsWith(".") || ["@countersign", "countersign", "picocolors"].includes(entry)) continue;
    symlinkSync(join(ROOT, "node_modules", entry), join(workspace, "node_modules", entry));
  }
  // A linked package has its path elsewhere; this one has to lie in the workspace as npm would put it.
  cpSync(join(ROOT, "node_modules/picocolors"), join(workspace, "node_modules/picocolors"), {
    recursive: true,
  });
  for (const name of PACKAGES) {
    plant(`packages/${name}/src/index.ts`, "export const here = 1;\n");
    cpSync(join(ROOT, "packages", name, "package.json"), join(workspace, "packages", name, "package.json"));
    symlinkSync(join(workspace, "packages", name), join(workspace, "node_modules/@countersign", name));
  }
  for (const part of CORE_PARTS) plant(`packages/core/src/${part}/index.ts`, "export const here = 1;\n");
  for (const app of ["cli", "other"]) plant(`apps/${app}/src/main.ts`, "export const here = 1;\n");
  cpSync(join(ROOT, "tsconfig.base.json"), join(workspace, "tsconfig.base.json"));
  cpSync(join(ROOT, "tsconfig.json"), join(workspace, "tsconfig.json"));
});

afterAll(() => rmSync(workspace, { recursive: true, force: true }));

function plant(path: string, text: string): void {
  mkdirSync(dirname(join(workspace, path)), { recursive: true });
  writeFileSync(join(workspace, path), text);
}

const BREACHES = [
  ["core-is-pure", "packages/core/src/ids/planted.ts", "node:fs"],
  ["core-imports-only-core", "packages/core/src/policy/planted.ts", "@countersign/git"],
  ["core-third-parties", "packages/core/src/policy/planted.ts", "picocolors"],
  ["core-ids-knows-nothing", "packages/core/src/ids/planted.ts", "../policy/index.ts"],
  [
    "core-trailers-and-attestation-know-ids-only",
    "packages/core/src/trailers/planted.ts",
    "../policy/index.ts",
  ],
  [
    "core-attribution-knows-ids-and-trailers-only",
    "packages/core/src/attribution/planted.ts",
    "../policy/index.ts",
  ],
  [
    "core-trailers-do-not-know-attribution",
    "packages/core/src/trailers/planted.ts",
    "../attribution/index.ts",
  ],
  ["recorder-knows-core-and-adapters", "packages/recorder/src/planted.ts", "@countersign/gate"],
  [
    "core-infrastructure-knows-ids-and-attribution-only",
    "packages/core/src/infrastructure/planted.ts",
    "../policy/index.ts",
  ],
  ["core-policy-does-not-render", "packages/core/src/policy/planted.ts", "../render/index.ts"],
  ["core-ledger-knows-ids-only", "packages/core/src/ledger/planted.ts", "../attestation/index.ts"],
  ["core-audit-does-not-render", "packages/core/src/audit/planted.ts", "../render/index.ts"],
  ["audit-knows-core-adapters-and-gate", "packages/audit/src/planted.ts", "@countersign/testkit"],
  ["adapters-know-core-only", "packages/git/src/planted.ts", "@countersign/gate"],
  ["adapters-do-not-know-each-other", "packages/git/src/planted.ts", "@countersign/signing"],
  ["gate-knows-core-and-adapters", "packages/gate/src/planted.ts", "@countersign/testkit"],
  ["testkit-in-tests-only", "apps/cli/src/planted.ts", "@countersign/testkit"],
  ["apps-stand-alone", "apps/cli/src/planted.ts", "../../other/src/main.ts"],
  ["packages-do-not-know-apps", "packages/gate/src/planted.ts", "../../../apps/cli/src/main.ts"],
] as const;

/** One file a rule: `planted-<rule>.ts` beside the file named in the table. */
function plantedPath(rule: string, file: string): string {
  return file.replace("planted", `planted-${rule}`);
}

describe("the layer rules", () => {
  let clean: LayerReport;
  let broken: LayerReport;

  beforeAll(() => {
    clean = checkLayers(workspace, 10);
    for (const [rule, file, target] of BREACHES) {
      plant(
        plantedPath(rule, file),
        `import * as target from "${target}";\nexport const planted = target;\n`,
      );
    }
    plant(
      "packages/core/src/policy/types.ts",
      'import type * as x from "../render/index.ts";\nexport type X = typeof x;\n',
    );
    plant("packages/git/src/a.ts", 'export { b } from "./b.ts";\nexport const a = 1;\n');
    plant("packages/git/src/b.ts", 'export { a } from "./a.ts";\nexport const b = 1;\n');
    broken = checkLayers(workspace, 10);
  });

  it("find nothing in a workspace that keeps them", () => {
    expect(clean.breaches).toEqual([]);
  });

  it.each(BREACHES)("%s fires on a planted import", (rule, file) => {
    const own = broken.breaches.filter((breach) => breach.startsWith(`${plantedPath(rule, file)} → `));
    expect(own.map((breach) => breach.split(": ").at(-1))).toContain(rule);
  });

  it("see imports of types, which no compiled file shows", () => {
    expect(broken.breaches).toContain(
      "packages/core/src/policy/types.ts → packages/core/src/render/index.ts: core-policy-does-not-render",
    );
  });

  it("find a cycle", () => {
    expect(broken.breaches).toContain("packages/git/src/a.ts → packages/git/src/b.ts: no-cycles");
  });

  it("are all proved here", () => {
    const config = createRequire(import.meta.url)("../.dependency-cruiser.cjs") as {
      forbidden: { name: string }[];
    };
    const proved = new Set<string>(["no-cycles", ...BREACHES.map(([rule]) => rule)]);
    expect(config.forbidden.map(({ name }) => name).filter((name) => !proved.has(name))).toEqual([]);
  });

  it("are an error, not a pass, where the tool read nothing", () => {
    expect(() => checkLayers(workspace, 10_000)).toThrow(/is @swc\/core installed/);
  });
});
