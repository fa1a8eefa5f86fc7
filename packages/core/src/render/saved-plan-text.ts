// SPDX-License-Identifier: Apache-2.0
import type { ObjectId, Sha256 } from "../ids/index.ts";
import type { PlanHeader, PlanOrigin } from "../infrastructure/index.ts";
import { displayText } from "./display-text.ts";
import type { Palette } from "./palette.ts";
import type { TerminalOptions } from "./terminal-report.ts";
import { wrapText } from "./text-layout.ts";

/** A plan file: what it says of itself, and whether it was made from a commit. */
export interface SavedPlanFacts {
  readonly sha256: Sha256;
  readonly commit: ObjectId;
  readonly header: PlanHeader;
  readonly origin: PlanOrigin;
}

const MOST_SHOWN = 20;

/** What binds a plan file to a commit and what does not, a line each; every text of the plan is made safe. */
export function formatSavedPlan(
  { sha256, commit, header, origin }: SavedPlanFacts,
  { palette, width }: TerminalOptions,
): readonly string[] {
  const line = (mark: string, text: string) => {
    const [first = "", ...rest] = wrapText(displayText(text, 500), Math.max(40, width - 4));
    return [`  ${mark} ${first}`, ...rest.map((part) => `    ${part}`)];
  };
  const several = (mark: string, texts: readonly string[]) => [
    ...texts.slice(0, MOST_SHOWN).flatMap((text) => line(mark, text)),
    ...(texts.length > MOST_SHOWN ? line(mark, `… and ${texts.length - MOST_SHOWN} more`) : []),
  ];
  const { differences, unknown, unchecked } = origin;
  return [
    palette.strong(`the plan file sha256:${sha256}`),
    ...line(palette.faint("·"), toMaker(header)),
    ...several(palette.bad("!"), describeOptions(header)),
    ...line(...toVerdict(origin, commit, palette)),
    ...several(
      palette.bad("✘"),
      differences.map(({ path, reason }) => `${path}: ${reason}`),
    ),
    ...several(palette.wait("?"), unknown),
    ...several(
      palette.faint("·"),
      unchecked.map((each) => `not checked: ${each}`),
    ),
  ];
}

function toMaker({ version, workspace, backend, state }: PlanHeader): string {
  const place = state.map(({ name, value }) => `${name} ${value}`).join(", ");
  const where = place === "" ? backend : `${backend} (${place})`;
  return `made by version ${version}, for the workspace ${workspace}, whose state is in ${where}`;
}

/** Options with which a plan does something else than what its configuration says. */
function describeOptions({
  mode,
  targets,
  excludes,
  replaced,
  later,
  isErrored,
}: PlanHeader): readonly string[] {
  const named = (what: string, addresses: readonly string[], effect: string) =>
    addresses.length === 0 ? [] : [`${what} ${addresses.join(", ")}: ${effect}`];
  return [
    ...(mode === "destroy" ? ["made with -destroy: it deletes what it manages"] : []),
    ...(mode === "refresh-only"
      ? ["made with -refresh-only: it changes the state and nothing that runs"]
      : []),
    ...named("made with -target", targets, "everything else is left as it is"),
    ...named("made with -exclude", excludes, "these are left as they are"),
    ...named("made with -replace", replaced, "made anew though nothing asks for it"),
    ...named("asks again when it is applied for the variables", later, "nobody can review their values now"),
    ...(isErrored ? ["the planning ended in an error: it cannot be applied"] : []),
  ];
}

function toVerdict(
  { status, root, files, modules }: PlanOrigin,
  commit: ObjectId,
  palette: Palette,
): readonly [mark: string, text: string] {
  const where = `${commit.slice(0, 12)}, in ${root === "" ? "its top folder" : root}`;
  if (status === "same")
    return [
      palette.good("✔"),
      `made from ${where}: ${count(files, "file")} of ${count(modules, "module")} are the same, byte for byte`,
    ];
  return status === "differs"
    ? [palette.bad("✘"), `not made from ${where}`]
    : [palette.wait("?"), `nobody can tell whether it was made from ${where}`];
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
