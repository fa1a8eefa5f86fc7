// SPDX-License-Identifier: Apache-2.0
// `npm run fuzz:attribution [-- --histories N] [--seed S] [--length L] [--alike] [--keep FOLDER]`: seeded histories against the
// independent model. `--alike`: against the weaker one, of lines that are alike and repeat. `--keep` leaves the repository of each wrong
// one there, as it was when that was seen.
import { parseArgs } from "node:util";
import { createLikeRegistry } from "./like-registry.ts";
import { createLineRegistry } from "./line-registry.ts";
import { playHistory } from "./play-history.ts";
import { prepareRecorder } from "./start-recorder.ts";

const { values } = parseArgs({
  options: {
    histories: { type: "string", default: "200" },
    seed: { type: "string", default: "1" },
    length: { type: "string", default: "14" },
    alike: { type: "boolean", default: false },
    keep: { type: "string" },
    verbose: { type: "boolean", default: false },
  },
});
const bundle = process.env.COUNTERSIGN_BUNDLE;
if (bundle === undefined) throw new Error("run it as npm run fuzz:attribution");
await using recorder = await prepareRecorder(bundle);
const first = Number(values.seed);
const count = Number(values.histories);
let failed = 0;
let compared = 0;
let allowed = 0;
for (let seed = first; seed < first + count; seed++) {
  const { wrong, steps, ...played } = await playHistory(seed, recorder, {
    createRegistry: values.alike ? createLikeRegistry : createLineRegistry,
    length: Number(values.length),
    keep: values.keep,
  });
  compared += played.compared;
  allowed += played.allowedUnknown;
  if (wrong.length > 0) {
    failed += 1;
    console.log(`seed ${seed}: ${wrong.length} wrong`);
    for (const line of wrong.slice(0, 3)) console.log(`  ${JSON.stringify(line)}`);
  }
  if (values.verbose || (wrong.length > 0 && count === 1)) for (const step of steps) console.log(`  ${step}`);
  if ((seed - first) % 50 === 49) console.error(`${seed - first + 1} of ${count} histories, ${failed} wrong`);
}
console.log(
  `${count} histories from seed ${first}: ${compared} lines compared, ${allowed} unknown where allowed, ${failed} histories with a wrong origin`,
);
process.exitCode = failed === 0 ? 0 : 1;
