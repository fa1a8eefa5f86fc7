// SPDX-License-Identifier: Apache-2.0
import { defineConfig } from "vitest/config";
import { LongestFirst } from "./scripts/longest-first.ts";

export default defineConfig({
  test: {
    include: [
      "packages/*/src/**/*.test.ts",
      "apps/*/src/**/*.test.ts",
      "bench/**/*.test.ts",
      "e2e/**/*.test.ts",
      "fuzz/**/*.test.ts",
      "scripts/**/*.test.ts",
    ],
    globalSetup: ["scripts/build-for-tests.mjs"],
    setupFiles: ["scripts/fixed-seed.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    // Each git process is a fork of a worker, which costs as much as the worker has memory: what is young is kept small.
    execArgv: ["--max-semi-space-size=2"],
  },
});
