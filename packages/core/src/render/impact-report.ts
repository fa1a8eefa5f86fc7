// SPDX-License-Identifier: Apache-2.0
import type { ObjectId, Sha256 } from "../ids/index.ts";
import type {
  Impact,
  ImpactResource,
  ImpactUnparsed,
  Plan,
  PlanHeader,
  PlannedResource,
  PlanOrigin,
} from "../infrastructure/index.ts";
import { displayText } from "./display-text.ts";
import type { Palette } from "./palette.ts";
import { formatSafeJson } from "./safe-json.ts";
import { formatSavedPlan } from "./saved-plan-text.ts";
import type { TerminalOptions } from "./terminal-report.ts";
import { testedLines } from "./tested-text.ts";
import { wrapText } from "./text-layout.ts";

/** A plan, the digest of the file it was read from, and the commit that it is looked at beside. */
export type BoundPlan = Plan & {
  /** Of the saved plan itself where there is one, which is what is applied; else of the JSON, which nobody can apply. */
  readonly sha256: Sha256;
  readonly commit: ObjectId;
  readonly saved: SavedPlanShown | null;
};

/** What a saved plan says of itself, and which program said what it does. */
export interface SavedPlanShown {
  readonly program: string;
  readonly header: PlanHeader;
  readonly origin: PlanOrigin;
}

/** The document of `impact --json` (specs/impact.schema.json), one line with a final newline. */
export function formatImpactJson({ resources, unparsed }: Impact, plan?: BoundPlan): string {
  const rows = resources.map(
    ({ path, oldPath, kind, type, name, category, action, attributes, lines, dangers, ...more }) => ({
      path,
      oldPath,
      kind,
      type,
      name,
      category,
      action,
      attributes,
      lines,
      dangers,
      tested: more.tested,
      testedBy: more.testedBy,
      ai: more.ai,
    }),
  );
  const files = unparsed.map(({ path, reason, ai }) => ({ path, reason, ai }));
  const planned = plan === undefined ? {} : { plan: { ...plan, saved: toSaved(plan.saved) } };
  return `${formatSafeJson({ resources: rows, unparsed: files, ...planned })}\n`;
}

function toSaved(saved: SavedPlanShown | null) {
  if (saved === null) return null;
  const { program, header, origin } = saved;
  const { version, mode, targets, excludes, replaced, later, backend, state, workspace } = header;
  return { program, version, mode, targets, excludes, replaced, later, backend, state, workspace, origin };
}

/** Every touched resource with its dangers, by category, then what was not understood; for a terminal or a build log. */
export function formatImpactTable(
  { resources, unparsed }: Impact,
  options: TerminalOptions,
  plan?: BoundPlan,
): string {
  const { palette } = options;
  const planned = plan === undefined ? [] : ["", ...formatPlan(plan, options)];
  if (resources.length === 0 && unparsed.length === 0)
    return `${["This change touches no infrastructure.", ...planned].join("\n")}\n`;
  const categories = [...new Set(resources.map(({ category }) => category))].sort();
  const lines = [
    palette.strong(toHeading(resources, unparsed)),
    ...categories.flatMap((category) => [
      "",
      palette.strong(category),
      ...resources
        .filter((resource) => resource.category === category)
        .flatMap((resource) => formatResource(resource, options)),
    ]),
    ...(unparsed.length === 0
      ? []
      : ["", palette.strong("counted as infrastructure without being understood")]),
    ...unparsed.flatMap((file) => formatUnparsed(file, options)),
    ...planned,
  ];
  return `${lines.join("\n")}\n`;
}

function toHeading(resources: readonly ImpactResource[], unparsed: readonly ImpactUnparsed[]): string {
  // What is understood of such a file is counted with its resources.
  const understood = new Set(resources.map(({ path }) => path));
  const all = [...resources, ...unparsed.filter(({ path }) => !understood.has(path))];
  const [ai, of] = [sum(all.map((each) => each.ai.lines)), sum(all.map((each) => each.ai.of))];
  const dangerous = resources.filter(({ dangers }) => dangers.length > 0).length;
  const parts = [
    count(resources.length, "resource"),
    dangerous === 0 ? "none of them in a dangerous way" : `${dangerous} in a dangerous way`,
    ...(unparsed.length === 0 ? [] : [`${count(unparsed.length, "file")} not understood`]),
  ];
  return `This change touches ${parts.join(", ")}; AI wrote ${ai} of ${count(of, "line")}.`;
}

function formatResource(
  { path, oldPath, type, name, action, lines, dangers, ai, ...resource }: ImpactResource,
  { palette, width }: TerminalOptions,
): readonly string[] {
  const what = displayText([type, name].filter(Boolean).join("."), 200);
  const ranges = lines.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`));
  const shown = ranges.length > 4 ? [...ranges.slice(0, 4), "…"] : ranges;
  const from = oldPath === null ? "" : ` (from ${displayText(oldPath, 200)})`;
  const where = `${displayText(path, 200)}:${shown.join(",")}${from}`;
  const head = `  ${mark(dangers.length > 0, palette)} ${action.padEnd(7)} ${what}`;
  return [
    `${head}${toShare(ai, palette)}`,
    palette.faint(`            ${where}`),
    ...dangers.flatMap(({ code, reason }) => {
      const [first = "", ...rest] = wrapText(
        `${code}: ${displayText(reason, 500)}`,
        Math.max(40, width - 14),
      );
      return [`            ${palette.bad(first)}`, ...rest.map((line) => `              ${line}`)];
    }),
    ...testedLines(resource).flatMap((line) =>
      wrapText(line, Math.max(40, width - 14)).map((part, i) =>
        palette.faint(`            ${i === 0 ? "" : "  "}${part}`),
      ),
    ),
  ];
}

function mark(isDangerous: boolean, palette: Palette): string {
  return isDangerous ? palette.bad("!") : palette.faint("·");
}

function toShare({ lines, of }: ImpactResource["ai"], palette: Palette): string {
  const text = `  AI ${lines} of ${count(of, "line")}`;
  return lines > 0 ? palette.note(text) : palette.faint(text);
}

function formatUnparsed(
  { path, reason, ai }: ImpactUnparsed,
  { palette, width }: TerminalOptions,
): readonly string[] {
  return [
    `  ${palette.wait("?")} ${displayText(path, 200)}${toShare(ai, palette)}`,
    ...wrapText(displayText(reason, 500), Math.max(40, width - 12)).map((line) => `            ${line}`),
  ];
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** What the tool says that it will do; values that nobody knows yet, or may know here, are named. */
function formatPlan(
  { tool, sha256, commit, saved, resources, problems }: BoundPlan,
  options: TerminalOptions,
): readonly string[] {
  const { palette } = options;
  return [
    palette.strong(`the plan of ${tool} changes ${count(resources.length, "resource")}`),
    ...(saved === null ? [palette.faint(`  sha256 ${sha256}, of its JSON: ${UNBOUND}`)] : []),
    ...resources.flatMap((resource) => formatPlanned(resource, options)),
    ...problems.map((problem) => `  ${palette.wait("?")} ${displayText(problem, 500)}`),
    ...(saved === null ? [] : ["", ...formatSavedPlan({ ...saved, sha256, commit }, options)]),
  ];
}

const UNBOUND = "nothing binds it to what is applied";

function formatPlanned(
  { address, action, unknown, hidden, dangers }: PlannedResource,
  { palette, width }: TerminalOptions,
): readonly string[] {
  const named = (what: string, names: readonly string[]) =>
    names.length === 0 ? "" : palette.faint(`  ${what}: ${displayText(names.join(", "), 200)}`);
  const beside = named("known later", unknown) + named("secret, and changed", hidden);
  return [
    `  ${mark(dangers.length > 0, palette)} ${action.padEnd(7)} ${displayText(address, 200)}${beside}`,
    ...dangers.flatMap(({ code, reason }) =>
      wrapText(`${code}: ${displayText(reason, 500)}`, Math.max(40, width - 14)).map(
        (line) => `            ${palette.bad(line)}`,
      ),
    ),
  ];
}
