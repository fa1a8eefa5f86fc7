// SPDX-License-Identifier: Apache-2.0
// `npm run e2e:agents [-- AGENT…]`: builds the command, then drives real coding agents against it (e2e/agents).
import { build } from "./build.mjs";

await build();
await import("../e2e/agents/main.ts");
