// SPDX-License-Identifier: Apache-2.0
import { record } from "./record.ts";

// Whatever happens, the agent goes on: exit code 0 and nothing on standard output.
process.on("uncaughtException", () => process.exit(0));
record(process.argv[2] ?? "")
  .catch(() => undefined)
  .then(() => process.exit(0));
