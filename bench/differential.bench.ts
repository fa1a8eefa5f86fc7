// SPDX-License-Identifier: Apache-2.0
// Which attacks three other ways of binding an approval let through, and ours, on the same real repositories.
// `npm run bench -- differential`; with --write the table in docs/differential.md is made anew.
import { readFile, writeFile } from "node:fs/promises";
import { ATTACKS, type Attack, createStage } from "./differential/attacks.ts";
import { type Binding, byCommitTime, byPatchId, byPushTime, type Question } from "./differential/bindings.ts";

const OTHERS: readonly Binding[] = [byPushTime, byCommitTime, byPatchId];
const NAMES: readonly string[] = [...OTHERS.map((binding) => binding.name), "ours (trees)"];
const DOCUMENT = new URL("../docs/differential.md", import.meta.url);

interface Row {
  readonly attack: Attack;
  /** True where the change may land, in the order of NAMES. */
  readonly allowed: readonly boolean[];
}

async function play(attack: Attack): Promise<Row> {
  const stage = await createStage(attack.options);
  await using scenario = stage.scenario;
  await attack.play(stage);
  const { repo } = scenario;
  const base = await repo.id("refs/heads/main");
  const head = await repo.id("refs/heads/change");
  // The others see the server's own work tree where they use one: a .mailmap in the change is in force there.
  await repo.checkout("change");
  const question: Question = { repo, base, head, events: stage.events };
  const others = await Promise.all(OTHERS.map((binding) => binding.allows(question)));
  const report = await scenario.gate({ base, head });
  return { attack, allowed: [...others, report.verdict === "pass"] };
}

function toCell({ isAttack }: Attack, isAllowed: boolean): string {
  if (isAttack) return isAllowed ? "**let through**" : "stopped";
  return isAllowed ? "passes" : "**refused**";
}

function toTable(rows: readonly Row[]): string {
  const head = `| | what happens | ${NAMES.join(" | ")} | why |\n|---|---|${NAMES.map(() => "---|").join("")}---|`;
  const body = rows.map(
    ({ attack, allowed }) =>
      `| ${attack.id} | ${attack.what} | ${allowed.map((is) => toCell(attack, is)).join(" | ")} | ${attack.why} |`,
  );
  const wrong = NAMES.map(
    (_, i) => rows.filter(({ attack, allowed }) => attack.isAttack === allowed[i]).length,
  );
  return `${[head, ...body, `| | **wrong of ${rows.length}** | ${wrong.join(" | ")} | |`].join("\n")}\n`;
}

async function writeDocument(table: string): Promise<void> {
  const text = await readFile(DOCUMENT, "utf8");
  const marked = /(<!-- table -->\n)[\s\S]*(<!-- \/table -->)/;
  if (!marked.test(text)) throw new Error("docs/differential.md has no <!-- table --> … <!-- /table -->");
  await writeFile(
    DOCUMENT,
    text.replace(marked, (_, open, close) => `${open}\n${table}\n${close}`),
  );
}

const rows: Row[] = [];
for (const attack of ATTACKS) rows.push(await play(attack));
const table = toTable(rows);
console.log(table);
if (process.argv.includes("--write")) await writeDocument(table);
const ours = rows.filter(({ attack, allowed }) => attack.isAttack === allowed.at(-1));
if (ours.length > 0) console.error(`ours is wrong on ${ours.map(({ attack }) => attack.id).join(", ")}`);
process.exitCode = ours.length === 0 ? 0 : 1;
