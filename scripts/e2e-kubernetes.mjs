// SPDX-License-Identifier: Apache-2.0
// `npm run e2e:kubernetes [-- apiserver|plugin]`: builds the command, then what Kubernetes decides with it (e2e/kubernetes).
import { build } from "./build.mjs";

await build();
await import("../e2e/kubernetes/main.ts");
