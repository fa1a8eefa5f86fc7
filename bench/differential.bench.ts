// SPDX-License-Identifier: Apache-2.0
// Which attacks three other ways of binding an approval let through, and ours, on the same real repositories.
// `npm run bench -- differential`; `node_modules/.bin/node bench/differential.bench.ts --write` makes docs/differential.md anew.
import { readFile, writeFile } from "node:fs/promises";
import type { Attack, Scene } from "./differential/attack.ts";
import { CONTENT_ATTACKS } from "./differential/content-attacks.ts";
import { CONTROLS } from "./differential/controls.ts";
import { PEOPLE_ATTACKS } from "./differential/people-attacks.ts";
import { isStoppedByOurs, type Outcome, playScene, type Variant } from "./differential/play-scene.ts";
import { REBASE_ATTACKS } from "./differential/rebase-attacks.ts";
import { toDocument } from "./differential/to-document.ts";

const ATTACKS: readonly Attack[] = [...PEOPLE_ATTACKS, ...CONTENT_ATTACKS, ...REBASE_ATTACKS];
/** Stopped by what a project asks for; the document says what happens where it does not. */
const ASKING = ATTACKS.filter(({ project }) => project?.asksReauthentication ?? project?.carriesOver);
const DOCUMENT = new URL("../docs/differential.md", import.meta.url);

async function playAll(scenes: readonly Scene[], variant?: Variant): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const scene of scenes) outcomes.push(await playScene(scene, variant));
  return outcomes;
}

async function writeDocument(text: string): Promise<void> {
  const before = await readFile(DOCUMENT, "utf8");
  const marked = /(<!-- table -->\n)[\s\S]*(<!-- \/table -->)/;
  if (!marked.test(before)) throw new Error("docs/differential.md has no <!-- table --> … <!-- /table -->");
  await writeFile(
    DOCUMENT,
    before.replace(marked, (_, open, close) => `${open}\n${text}\n\n${close}`),
  );
}

const backdating = ATTACKS.filter(({ canBackdate }) => canBackdate);
const results = {
  attacks: await playAll(ATTACKS),
  controls: await playAll(CONTROLS),
  backdated: await playAll(backdating, { isBackdating: true }),
  unasked: await playAll(ASKING, { project: {} }),
  unrecorded: await playAll(
    ATTACKS.filter(({ needsRecords }) => needsRecords),
    { isForgetful: true },
  ),
};
const text = toDocument(results);
console.log(text);
if (process.argv.includes("--write")) await writeDocument(text);

const wrong = [
  ...ATTACKS.flatMap((attack, i) => describeFailure(attack, results.attacks[i])),
  ...backdating.flatMap((attack, i) => describeFailure(attack, results.backdated[i])),
  ...results.controls
    .filter(({ allowed }) => allowed.at(-1) !== true)
    .map(({ scene, objections }) => `${scene.id}: honest work refused: ${objections}`),
];
for (const line of wrong) console.error(`ours is wrong on ${line}`);
process.exitCode = wrong.length === 0 ? 0 : 1;

function describeFailure(attack: Attack, outcome: Outcome | undefined): string[] {
  if (outcome !== undefined && isStoppedByOurs(attack, outcome)) return [];
  const isAllowed = outcome?.allowed.at(-1) === true;
  return [
    isAllowed
      ? `${attack.id}: let through`
      : `${attack.id}: not stopped for its own reason (${attack.ours}): ${outcome?.objections}`,
  ];
}
