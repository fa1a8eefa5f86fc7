// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import { openRepository } from "./open-repository.ts";
import { writeNotes } from "./write-notes.ts";
import { addRecords } from "./write-records.ts";

/** A writer of its own process, for tests: arguments are the repository, a name, and how many records and notes to add one by one. */
const [dir = "", name = "", count = "1"] = process.argv.slice(2);
const repo = await openRepository(dir);
for (let n = 0; n < Number(count); n++) {
  const bytes = Buffer.from(JSON.stringify({ name, n }));
  const commit = createHash("sha1").update(bytes).digest("hex");
  await addRecords(repo, [{ commit, bytes }]);
  await writeNotes(repo, [{ annotated: commit, bytes }]);
  process.stdout.write(`${commit}\n`);
}
