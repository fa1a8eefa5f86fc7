// SPDX-License-Identifier: Apache-2.0

import { openRepository } from "./open-repository.ts";
import { addEvidence } from "./write-evidence.ts";

/** A writer of its own process, for tests: arguments are the repository, a name, and how many envelopes to add one by one. */
const [dir = "", name = "", count = "1"] = process.argv.slice(2);
const repo = await openRepository(dir);
for (let n = 0; n < Number(count); n++) {
  await addEvidence(repo, [Buffer.from(JSON.stringify({ name, n }))]);
  process.stdout.write(`${name} ${n}\n`);
}
