// SPDX-License-Identifier: Apache-2.0
import { type ConfigurationValue, fieldsOf } from "../configuration-value.ts";
import { readYaml } from "../text/yaml-value.ts";
import { resolveFrom } from "./folders.ts";

/** A pipeline of commands, as a shell would start them. */
export interface WorkflowCommand {
  /** Of each command its words, without quotes. */
  readonly stages: readonly (readonly string[])[];
  /** Where it is run; undefined where that is computed. */
  readonly folder: string | undefined;
  /** False where it is not run by itself, or where its failure is nobody's concern. */
  readonly isBinding: boolean;
}

const SHELLS: ReadonlySet<string> = new Set(
  "run script before_script after_script bash command commands cmd".split(" "),
);

/** Commands of a pipeline's file (GitHub, GitLab, Azure, CircleCI and their like); undefined where it cannot be read. */
export function readWorkflowCommands(text: string): readonly WorkflowCommand[] | undefined {
  const { documents, problems } = readYaml(text);
  if (problems.length > 0) return undefined;
  const commands: WorkflowCommand[] = [];
  for (const { value } of documents)
    collect(value, { folder: "", isBinding: isStarted(value) && !isOff(value) }, commands);
  return commands;
}

type Place = Pick<WorkflowCommand, "folder" | "isBinding">;

function collect(value: ConfigurationValue, outer: Place, commands: WorkflowCommand[]): void {
  const place = toPlace(value, outer);
  for (const { name, value: inner } of value.fields) {
    const texts = SHELLS.has(name) ? [inner, ...inner.items].flatMap(({ literal }) => literal ?? []) : [];
    for (const text of texts) commands.push(...toCommands(text, place));
    if (texts.length === 0)
      collect(inner, name.startsWith(".") ? { ...place, isBinding: false } : place, commands);
  }
  for (const item of value.items) collect(item, place, commands);
}

function toPlace(value: ConfigurationValue, outer: Place): Place {
  const defaults = fieldsOf(value, "defaults").flatMap((each) => fieldsOf(each, "run"));
  const [named] = [value, ...defaults].flatMap((each) =>
    fieldsOf(each, "working-directory", "working_directory", "workingDirectory"),
  );
  const folder = named === undefined ? outer.folder : toFolder("", named.literal ?? "$");
  return { folder, isBinding: outer.isBinding && !isOff(value) };
}

function toFolder(from: string | undefined, to: string): string | undefined {
  return from === undefined || /[$`*~]/.test(to) ? undefined : resolveFrom(from, to);
}

/** Conditions under which a step runs on every change. */
const ALWAYS =
  /^(?:\$\{\{)?\s*(?:true|always\(\)|success\(\)|succeeded\(\)|!\s*cancelled\(\)|github\.event_name\s*==\s*'pull_request(?:_target)?')\s*(?:\}\})?$/;

const OFF: readonly (readonly [name: string, value: RegExp])[] = [
  ["continue-on-error", /^(?:\$\{\{\s*)?true(?:\s*\}\})?$/],
  ["continueOnError", /^true$/],
  ["allow_failure", /^true$/],
  ["when", /^(?:never|manual)$/],
  ["enabled", /^false$/],
];

/** It may never run, or fail without anybody noticing. */
function isOff(value: ConfigurationValue): boolean {
  const isSeldom = fieldsOf(value, "if", "condition").some(
    ({ literal, text }) => !ALWAYS.test(literal ?? text),
  );
  const isFiltered = fieldsOf(value, "changes", "only", "except").length > 0;
  const isWaiting = fieldsOf(value, "rules").some((rules) => rules.items.some(isOff));
  return (
    isSeldom ||
    isFiltered ||
    isWaiting ||
    OFF.some(([name, pattern]) =>
      fieldsOf(value, name).some(({ literal, text }) => pattern.test(literal ?? text)),
    )
  );
}

/**
 * Whether changes start it: one that only runs when somebody starts it, another calls it, or certain paths change, proves nothing about
 * this one.
 */
function isStarted(document: ConfigurationValue): boolean {
  const [on] = fieldsOf(document, "on", "true");
  if (on === undefined) return true;
  const plain = [on.literal, ...on.items.map(({ literal }) => literal)];
  const unfiltered = on.fields.filter(({ value }) => !isFilteredEvent(value));
  return [...plain, ...unfiltered.map(({ name }) => name)].some(
    (name) => name !== null && BY_CHANGE.test(name),
  );
}

/** Only for certain paths, or only for tags, which come after the change. */
function isFilteredEvent(event: ConfigurationValue): boolean {
  const has = (...names: readonly string[]) => fieldsOf(event, ...names).length > 0;
  return has("paths", "paths-ignore") || (has("tags", "tags-ignore") && !has("branches", "branches-ignore"));
}

const BY_CHANGE = /^(?:push|pull_request|pull_request_target|merge_group)$/;

const SEPARATOR = /&&|\|\||;/;

function toCommands(text: string, { folder, isBinding }: Place): readonly WorkflowCommand[] {
  const commands: WorkflowCommand[] = [];
  let here = folder;
  const joined = text.replace(/\\\r?\n/g, " ").replace(/(^|[ \t])#[^\n]*/gm, "$1");
  const isUnchecked = /(?:^|[\s;])set[ \t]+\+e\b/.test(joined);
  for (const line of joined.split("\n")) {
    const isIgnored = isUnchecked || line.includes("||");
    for (const part of line.split(SEPARATOR)) {
      const stages = part.split("|").map(toWords);
      const [[first, to] = []] = stages;
      if (first === "cd") here = toFolder(here, to ?? "~");
      else if (first !== undefined)
        commands.push({ stages, folder: here, isBinding: isBinding && !isIgnored });
    }
  }
  return commands;
}

const PREFIX = /^(?:sudo|time|command|exec|npx|[A-Za-z_]\w*=.*|-\w+)$/;

function toWords(command: string): readonly string[] {
  const words = command.split(/\s+/).filter((word) => word !== "");
  const start = words.findIndex((word) => !PREFIX.test(word));
  return start < 0 ? [] : words.slice(start).map((word) => word.replace(/^(["'])(.*)\1$/, "$2"));
}
