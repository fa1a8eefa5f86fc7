// SPDX-License-Identifier: Apache-2.0
import type { CorpusCase, Expectation } from "./read-corpus.ts";

/** A touched resource as the classifier names it; `impact --json` prints the same. */
export interface Answer {
  readonly path: string;
  readonly kind: string;
  readonly type: string;
  readonly name: string;
  readonly category: string;
  readonly action: string;
  readonly dangers: readonly string[];
}

export interface Counts {
  right: number;
  tooMany: number;
  missed: number;
}

export interface CorpusReport {
  readonly cases: number;
  readonly resources: Counts;
  readonly categories: ReadonlyMap<string, Counts>;
  readonly dangers: ReadonlyMap<string, Counts>;
  readonly actions: { right: number; wrong: number };
  /** By the corpus's file: changes of which everything is right, of all. */
  readonly files: ReadonlyMap<string, { right: number; cases: number }>;
  /** Look-alikes that were called dangerous, of all look-alikes. */
  readonly benign: { readonly cases: number; readonly calledDangerous: number };
  /** One line each, with the case's id first. */
  readonly misses: readonly string[];
  readonly falseAlarms: readonly string[];
  readonly otherDifferences: readonly string[];
}

/** A wildcard is a widening by nature: to say so as well is neither right nor wrong. */
const IMPLIED: Readonly<Record<string, string>> = {
  "wildcard-action": "privilege-widened",
  "wildcard-principal": "privilege-widened",
};

/** Compares each case's label with what `classify` says of its two sides. */
export function measureCorpus(
  corpus: readonly CorpusCase[],
  classify: (one: CorpusCase) => readonly Answer[],
): CorpusReport {
  const tally = new Tally();
  for (const one of corpus) tally.add(one, classify(one));
  return tally.report(corpus);
}

class Tally {
  private readonly resources = zero();
  private readonly categories = new Map<string, Counts>();
  private readonly dangers = new Map<string, Counts>();
  private readonly actions = { right: 0, wrong: 0 };
  private readonly files = new Map<string, { right: number; cases: number }>();
  private readonly misses: string[] = [];
  private readonly falseAlarms: string[] = [];
  private readonly otherDifferences: string[] = [];
  private calledDangerous = 0;

  add(one: CorpusCase, answers: readonly Answer[]): void {
    const faultsBefore = this.misses.length + this.falseAlarms.length;
    const left = new Set(answers);
    for (const wanted of one.expect) {
      const found = findAnswers(one, wanted, [...left]);
      for (const answer of found) left.delete(answer);
      this.compare(one, wanted, found);
    }
    for (const answer of left) this.refuse(one, answer);
    if (one.benign && answers.some((answer) => isAlarm(one, answer))) this.calledDangerous++;
    const file = this.files.get(one.file) ?? { right: 0, cases: 0 };
    file.cases++;
    if (this.misses.length + this.falseAlarms.length === faultsBefore) file.right++;
    this.files.set(one.file, file);
  }

  report(corpus: readonly CorpusCase[]): CorpusReport {
    const { resources, categories, dangers, actions, files, misses, falseAlarms, otherDifferences } = this;
    const benign = {
      cases: corpus.filter((one) => one.benign).length,
      calledDangerous: this.calledDangerous,
    };
    const cases = corpus.length;
    const counts = { resources, categories, dangers, actions, files };
    return { cases, ...counts, benign, misses, falseAlarms, otherDifferences };
  }

  private compare(one: CorpusCase, wanted: Expectation, found: readonly Answer[]): void {
    const what = `${one.id}: ${wanted.type}.${wanted.name}`;
    if (found.length === 0) {
      this.resources.missed++;
      countOf(this.categories, wanted.category).missed++;
      this.misses.push(`${what}: not found (${wanted.category})`);
    } else {
      this.resources.right++;
      this.compareCategory(what, wanted, found);
      this.compareAction(what, wanted, found);
    }
    this.compareDangers(what, wanted, new Set(found.flatMap((answer) => answer.dangers)));
  }

  private compareCategory(what: string, wanted: Expectation, found: readonly Answer[]): void {
    const counts = countOf(this.categories, wanted.category);
    const [first] = found;
    if (found.some((answer) => answer.category === wanted.category)) counts.right++;
    else if (first !== undefined) {
      counts.missed++;
      countOf(this.categories, first.category).tooMany++;
      this.misses.push(`${what}: category ${first.category}, expected ${wanted.category}`);
    }
  }

  private compareAction(what: string, wanted: Expectation, found: readonly Answer[]): void {
    if (found.some((answer) => answer.action === wanted.action)) this.actions.right++;
    else {
      this.actions.wrong++;
      const got = found.map((answer) => answer.action).join(" ");
      this.otherDifferences.push(`${what}: action ${got}, expected ${wanted.action}`);
    }
  }

  private compareDangers(what: string, wanted: Expectation, got: ReadonlySet<string>): void {
    const said = [...wanted.dangers, ...wanted.also];
    const allowed = new Set([...wanted.also, ...said.flatMap((code) => IMPLIED[code] ?? [])]);
    for (const code of wanted.dangers) {
      const counts = countOf(this.dangers, code);
      if (got.has(code)) counts.right++;
      else {
        counts.missed++;
        this.misses.push(`${what}: ${code}`);
      }
    }
    for (const code of got) {
      if (wanted.dangers.includes(code) || allowed.has(code)) continue;
      countOf(this.dangers, code).tooMany++;
      this.falseAlarms.push(`${what}: ${code}`);
    }
  }

  private refuse(one: CorpusCase, { type, name, category, dangers }: Answer): void {
    this.resources.tooMany++;
    countOf(this.categories, category).tooMany++;
    for (const code of dangers) countOf(this.dangers, code).tooMany++;
    this.falseAlarms.push(`${one.id}: ${type}.${name} (${category}) is not touched ${dangers.join(" ")}`);
  }
}

/** By kind and name, and by type where two share both; a path as the name means all of that kind in the file. */
function findAnswers(one: CorpusCase, wanted: Expectation, left: readonly Answer[]): readonly Answer[] {
  const ofKind = left.filter((answer) => answer.kind === wanted.kind);
  if (one.before.has(wanted.name) || one.after.has(wanted.name))
    return ofKind.filter((answer) => answer.path === wanted.name);
  const named = ofKind.filter((answer) => answer.name === wanted.name);
  const best =
    named.find((answer) => answer.type === wanted.type && answer.action === wanted.action) ??
    named.find((answer) => answer.type === wanted.type) ??
    named[0];
  return best === undefined ? [] : [best];
}

function isAlarm(one: CorpusCase, answer: Answer): boolean {
  const allowed = new Set(
    one.expect.flatMap(({ also }) => [...also, ...also.flatMap((code) => IMPLIED[code] ?? [])]),
  );
  return answer.dangers.some((code) => !allowed.has(code));
}

function countOf(all: Map<string, Counts>, name: string): Counts {
  const counts = all.get(name) ?? zero();
  all.set(name, counts);
  return counts;
}

function zero(): Counts {
  return { right: 0, tooMany: 0, missed: 0 };
}

/** What the benchmark prints: counts first, then every miss and every false alarm by its case. */
export function formatCorpusReport(report: CorpusReport): string {
  const { resources, actions, benign } = report;
  const table = (counts: ReadonlyMap<string, Counts>) =>
    [...counts].sort().map(([name, each]) => `  ${formatCounts(name, each)}`);
  return [
    `${report.cases} changes, ${benign.cases} of them look-alikes, of which ${benign.calledDangerous} are called dangerous`,
    formatCounts("touched resources", resources),
    `actions: ${actions.right} right, ${actions.wrong} different`,
    "",
    "Per file (changes of which everything is right):",
    ...[...report.files].map(([file, { right, cases }]) => `  ${file.padEnd(34)} ${right} of ${cases}`),
    "",
    "Per category:",
    ...table(report.categories),
    "",
    "Per danger:",
    ...table(report.dangers),
    ...section("Missed", report.misses),
    ...section("False alarms", report.falseAlarms),
    ...section("Other differences", report.otherDifferences),
  ].join("\n");
}

function section(title: string, lines: readonly string[]): string[] {
  return ["", `${title}: ${lines.length}`, ...lines.map((line) => `  ${line}`)];
}

function formatCounts(name: string, { right, tooMany, missed }: Counts): string {
  const precision = percent(right, right + tooMany);
  const recall = percent(right, right + missed);
  return `${name.padEnd(22)} precision ${precision}  recall ${recall}  (${right} right, ${tooMany} too many, ${missed} missed)`;
}

function percent(part: number, whole: number): string {
  return whole === 0 ? "       –" : `${((100 * part) / whole).toFixed(1)} %`.padStart(8);
}
