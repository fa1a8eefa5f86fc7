// SPDX-License-Identifier: Apache-2.0
import { NAMES, type Outcome } from "./play-scene.ts";

/** What the benchmark measured. */
export interface Results {
  readonly attacks: readonly Outcome[];
  readonly controls: readonly Outcome[];
  /** Attacks with true dates, played again with backdated commits. */
  readonly backdated: readonly Outcome[];
  /** Attacks on a project that asks for more, played again on one that does not. */
  readonly unasked: readonly Outcome[];
  /** Attacks that ours stops by what the server recorded, played again without those records. */
  readonly unrecorded: readonly Outcome[];
}

/** Tables and sentences for a terminal and for docs/differential.md, all from what was measured. */
export function toDocument(results: Results): string {
  const { attacks, controls } = results;
  return [
    toTable("attack", attacks, (is) => (is ? "**LET THROUGH**" : "stopped"), "attacks let through", true),
    toTable("honest work", controls, (is) => (is ? "passes" : "**REFUSED**"), "honest work refused", false),
    toNotes(results),
    ["Why each decides as it does:", "", ...[...attacks, ...controls].map(toSentence)].join("\n"),
  ].join("\n\n");
}

function toTable(
  title: string,
  outcomes: readonly Outcome[],
  toCell: (isAllowed: boolean) => string,
  total: string,
  counted: boolean,
): string {
  const rows = outcomes.map(({ scene, allowed }) => [scene.id, scene.what, ...allowed.map(toCell)]);
  const counts = NAMES.map((_, i) => outcomes.filter(({ allowed }) => allowed[i] === counted).length);
  const all = [
    ["", title, ...NAMES],
    ["--", ...["", ...NAMES].map(() => "--")],
    ...rows,
    ["", `**${total}, of ${outcomes.length}**`, ...counts.map((count) => `**${count}**`)],
  ];
  return all.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function toNotes({ attacks, backdated, unasked, unrecorded }: Results): string {
  const wider = (outcomes: readonly Outcome[], name: string) =>
    listIds(outcomes.filter(({ allowed }) => allowed[NAMES.indexOf(name)] === true));
  const verbatim = attacks.filter(({ allowed, isAllowedVerbatim }) => allowed[2] !== isAllowedVerbatim);
  const dates = NAMES.map((name) => `${name}: ${wider(backdated, name)}`).join("; ");
  const rows = unasked.map(
    ({ scene, allowed }) =>
      `${scene.id} is let through by ${NAMES.filter((_, i) => allowed[i] === true).join(", ") || "none"}`,
  );
  const lost = wider(unrecorded, "ours (trees)");
  return [
    "Measured beside the table:",
    "",
    `- Dates in the table are true except in T19 and T21. With every commit after the approval backdated, the same attacks (${listIds(backdated)}) get through as follows. ${dates}.`,
    `- \`git patch-id --verbatim\` instead of \`--stable\` changes ${listIds(verbatim)} and nothing else.`,
    `- Where the project does not ask for more than a senior's approval, ${rows.join("; ")}.`,
    `- Without push records and reflogs, as in a fresh clone of a server that runs none of our hooks, ours lets through of ${listIds(unrecorded)}: ${lost}.`,
  ].join("\n");
}

function listIds(outcomes: readonly Outcome[]): string {
  return outcomes.map(({ scene }) => scene.id).join(", ") || "none";
}

function toSentence({ scene }: Outcome): string {
  return `- **${scene.id}** ${scene.why}`;
}
