// SPDX-License-Identifier: Apache-2.0
/** Layer rules of the monorepo: who may import whom. Tests may import the testkit; nothing else may. */
const TEST = "\\.(test|fixture)\\.ts$";
module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "core-is-pure",
      comment: "core has no Node, no adapters, no apps: it decides on plain values",
      severity: "error",
      from: { path: "^packages/core/src", pathNot: TEST },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "core-imports-only-core",
      severity: "error",
      from: { path: "^packages/core/src", pathNot: TEST },
      to: { path: "^(packages/(?!core/)|apps/|bench/|e2e/|fuzz/|scripts/)" },
    },
    {
      name: "core-third-parties",
      comment: "pure, well-kept libraries only; see docs/decisions",
      severity: "error",
      from: { path: "^packages/core/src", pathNot: TEST },
      to: { path: "^node_modules/(?!zod/|yaml/|@bufbuild/|@noble/|picomatch/|@types/picomatch/)" },
    },
    {
      name: "core-ids-knows-nothing",
      severity: "error",
      from: { path: "^packages/core/src/ids/", pathNot: TEST },
      to: { path: "^packages/core/src/(?!ids/)" },
    },
    {
      name: "core-trailers-and-attestation-know-ids-only",
      severity: "error",
      from: { path: "^packages/core/src/(trailers|attestation)/", pathNot: TEST },
      to: { path: "^packages/core/src/(policy|render|ledger|audit)/" },
    },
    {
      name: "core-attribution-knows-ids-and-trailers-only",
      severity: "error",
      from: { path: "^packages/core/src/attribution/", pathNot: TEST },
      to: { path: "^packages/core/src/(policy|render|ledger|audit|attestation)/" },
    },
    {
      name: "core-trailers-do-not-know-attribution",
      severity: "error",
      from: { path: "^packages/core/src/trailers/", pathNot: TEST },
      to: { path: "^packages/core/src/attribution/" },
    },
    {
      name: "core-infrastructure-knows-ids-and-attribution-only",
      severity: "error",
      from: { path: "^packages/core/src/infrastructure/", pathNot: TEST },
      to: { path: "^packages/core/src/(?!ids/|attribution/|infrastructure/)" },
    },
    {
      name: "core-policy-does-not-render",
      severity: "error",
      from: { path: "^packages/core/src/policy/", pathNot: TEST },
      to: { path: "^packages/core/src/(render|ledger|audit)/" },
    },
    {
      name: "core-ledger-knows-ids-only",
      comment: "the ledger stores opaque bytes and knows no domain",
      severity: "error",
      from: { path: "^packages/core/src/ledger/", pathNot: TEST },
      to: { path: "^packages/core/src/(?!ids/|ledger/)" },
    },
    {
      name: "core-audit-does-not-render",
      severity: "error",
      from: { path: "^packages/core/src/audit/", pathNot: TEST },
      to: { path: "^packages/core/src/render/" },
    },
    {
      name: "adapters-know-core-only",
      severity: "error",
      from: { path: "^packages/(git|signing|agents|store)/src", pathNot: TEST },
      to: { path: "^(packages/(?!core/|git/|signing/|agents/|store/)|apps/|bench/|e2e/|fuzz/|scripts/)" },
    },
    {
      name: "adapters-do-not-know-each-other",
      severity: "error",
      from: { path: "^packages/(git|signing|agents|store)/src", pathNot: TEST },
      to: { path: "^packages/(git|signing|agents|store)/", pathNot: "^packages/$1/" },
    },
    {
      name: "recorder-knows-core-and-adapters",
      comment: "the gate asks the recorder what it knows; the recorder knows nothing of policy's doors",
      severity: "error",
      from: { path: "^packages/recorder/src", pathNot: TEST },
      to: { path: "^(packages/(testkit|gate|audit)/|apps/|bench/|e2e/|fuzz/|scripts/)" },
    },
    {
      name: "gate-knows-core-and-adapters",
      severity: "error",
      from: { path: "^packages/gate/src", pathNot: TEST },
      to: { path: "^(packages/testkit/|packages/audit/|apps/|bench/|e2e/|fuzz/|scripts/)" },
    },
    {
      name: "audit-knows-core-adapters-and-gate",
      severity: "error",
      from: { path: "^packages/audit/src", pathNot: TEST },
      to: { path: "^(packages/testkit/|apps/|bench/|e2e/|fuzz/|scripts/)" },
    },
    {
      name: "testkit-in-tests-only",
      severity: "error",
      from: { path: "^(packages/(?!testkit/)|apps/)", pathNot: TEST },
      to: { path: "^packages/testkit/" },
    },
    {
      name: "apps-stand-alone",
      severity: "error",
      from: { path: "^apps/([^/]+)/" },
      to: { path: "^apps/", pathNot: "^apps/$1/" },
    },
    {
      name: "packages-do-not-know-apps",
      severity: "error",
      from: { path: "^packages/", pathNot: TEST },
      to: { path: "^apps/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^apps/cli/dist/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default"] },
  },
};
