// SPDX-License-Identifier: Apache-2.0
// Layer rules: dependency-cruiser with .dependency-cruiser.cjs, read through swc, since TypeScript 7 has no API for it.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "..");
const PLACES = ["packages", "apps", "bench", "e2e", "scripts"];

interface CruisedModule {
  readonly source: string;
  readonly dependencies: readonly { readonly module: string; readonly couldNotResolve: boolean }[];
}

interface CruiseResult {
  readonly modules: readonly CruisedModule[];
  readonly summary: {
    readonly violations: readonly {
      readonly from: string;
      readonly to: string;
      readonly rule: { readonly name: string };
    }[];
  };
}

export interface LayerReport {
  readonly modules: number;
  readonly breaches: readonly string[];
}

/**
 * Breaches of the layer rules in a folder laid out like this workspace. Throws where nothing, or next to nothing, was
 * looked at: without a parser for TypeScript the tool finds no modules, no breach, and exits 0.
 */
export function checkLayers(root: string = ROOT, minimumModules = 100): LayerReport {
  const tool = join(ROOT, "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs");
  const config = join(ROOT, ".dependency-cruiser.cjs");
  const places = PLACES.filter((place) => existsSync(join(root, place)));
  const result = spawnSync(process.execPath, [tool, "--config", config, "--output-type", "json", ...places], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (result.status === null || !result.stdout.startsWith("{"))
    throw new Error(`dependency-cruiser failed: ${result.stderr.slice(0, 2000)}`);
  const { summary, modules } = JSON.parse(result.stdout) as CruiseResult;
  const sources = modules.filter(
    (module) => module.source.endsWith(".ts") && !module.source.includes("node_modules"),
  );
  if (sources.length < minimumModules) {
    throw new Error(
      `dependency-cruiser read ${sources.length} TypeScript modules, expected ${minimumModules}; is @swc/core installed?`,
    );
  }
  const unresolved = sources.flatMap((module) =>
    module.dependencies
      .filter((dependency) => dependency.couldNotResolve)
      .map((dependency) => `${module.source}: cannot resolve ${dependency.module}`),
  );
  const breaches = summary.violations.map(
    (violation) => `${violation.from} → ${violation.to}: ${violation.rule.name}`,
  );
  return { modules: sources.length, breaches: [...breaches, ...unresolved] };
}
