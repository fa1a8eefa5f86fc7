// SPDX-License-Identifier: Apache-2.0
import { isAbsolute } from "node:path";
import { AgentError } from "../agent-error.ts";
import { checkAgent } from "./agent-state.ts";
import type { ConfigReader } from "./config-reader.ts";
import { findNode } from "./edit-json.ts";
import { type HookDescriptor, type HookPlace, MARK } from "./hook-descriptor.ts";
import type { HookFinding } from "./hook-finding.ts";
import { commandsOf, isOurs } from "./json-hooks.ts";
import { parseNodes } from "./json-nodes.ts";
import { namingFile } from "./naming-file.ts";
import { type HookRequest, isHooked, pathsOf, planHooks } from "./plan-hooks.ts";

/** What `doctor` says of one agent: one finding `installed`, or everything that is wrong. Never throws. */
export async function checkHooks(
  request: HookRequest,
  reader: ConfigReader,
): Promise<readonly HookFinding[]> {
  const { hooks } = await request.agent.load();
  const { name, title } = request.agent;
  if (!hooks)
    return [{ agent: name, state: "no-place", path: "", message: `${title} has no hooks to install` }];
  try {
    const findings = await findProblems(hooks, request, reader);
    const [place] = hooks.places;
    const path = place === undefined ? "" : place.path(request);
    return findings.length > 0
      ? findings
      : [{ agent: name, state: "installed", path, message: `${title} reports to us` }];
  } catch (error) {
    const message =
      error instanceof AgentError ? error.message : `the configuration of ${title} cannot be read`;
    return [{ agent: name, state: "unreadable", path: "", message }];
  }
}

async function findProblems(
  hooks: HookDescriptor,
  request: HookRequest,
  reader: ConfigReader,
): Promise<readonly HookFinding[]> {
  const { name: agent, title } = request.agent;
  const files = hooks.places.flatMap((place) =>
    pathsOf(place, request, reader).map((path) => ({ place, path })),
  );
  const hooked = files.filter(({ path }) => isHooked(path, reader));
  if (files.length === 0)
    return [
      { agent, state: "no-place", path: "", message: hooks.note ?? `${title} has no file to write hooks to` },
    ];
  // What cannot be read may be why, and installing again would not mend it.
  if (hooked.length === 0) for (const { place, path } of files) requireReadable(place, path, reader);
  if (hooked.length === 0)
    return [
      { agent, state: "missing", path: "", message: `${title} does not report to us: run countersign init` },
    ];
  const scopes = new Set(hooked.map(({ place }) => place.scope));
  const doubled =
    scopes.size > 1
      ? hooked.slice(1).map(({ path }) => ({
          agent,
          state: "doubled" as const,
          path,
          message: `${title} runs our hook from ${hooked[0]?.path} and from here: everything is reported twice`,
        }))
      : [];
  const perFile = hooked.flatMap(({ place, path }) => checkFile(place, path, request, reader));
  const stale = await findStale([...scopes][0], request, reader);
  return [
    ...doubled,
    ...perFile,
    ...(perFile.length > 0 ? [] : stale),
    ...checkAgent(request, { hooked, places: hooks.places }, reader),
  ];
}

/** Throws AgentError where a file is there and is not in the place's format. */
function requireReadable({ format }: HookPlace, path: string, reader: ConfigReader): void {
  const text = reader.read(path) ?? "";
  if (format.kind === "json" && text.trim() !== "") namingFile(path, () => parseNodes(text));
}

function checkFile(
  place: HookPlace,
  path: string,
  request: HookRequest,
  reader: ConfigReader,
): readonly HookFinding[] {
  const { name: agent, title } = request.agent;
  const text = reader.read(path) ?? "";
  const found: HookFinding[] = [];
  if (place.format.kind === "json") {
    const root = namingFile(path, () => parseNodes(text));
    for (const { name } of place.format.events) {
      const own = findNode(root, ["hooks", name])?.items?.filter((item) => isOurs(item.value)) ?? [];
      const problem = { agent, path };
      if (own.length === 0)
        found.push({
          ...problem,
          state: "partial",
          message: `${title} does not report ${name}: run countersign init`,
        });
      if (own.length > 1)
        found.push({
          ...problem,
          state: "twice",
          message: `${title} runs our hook ${own.length} times on ${name}`,
        });
    }
  }
  const gone = commandWords(text).filter((word) => isAbsolute(word) && !reader.exists(word));
  if (gone.length > 0)
    found.push({
      agent,
      state: "command-gone",
      path,
      message: `the hook of ${title} runs ${gone[0]}, which is not there`,
    });
  return found;
}

/** Words of every command of ours in a file, whatever the file is. */
function commandWords(text: string): readonly string[] {
  const inJson = ownCommands(text);
  if (inJson.length > 0) return inJson.flatMap(wordsOf);
  const lines = text.split("\n").filter((line) => line.includes(`${MARK}.`) && !line.startsWith("//"));
  return lines.slice(0, 1).flatMap(wordsOf);
}

function wordsOf(command: string): readonly string[] {
  return command
    .split(/ \|\| exit 0|; exit 0/, 1)
    .flatMap((words) => [...words.matchAll(/'([^']*)'|"([^"]*)"|([^\s'",[\];]+)/g)])
    .map((match) => match[1] ?? match[2] ?? match[3] ?? "");
}

function ownCommands(text: string): readonly string[] {
  try {
    const events = findNode(parseNodes(text), ["hooks"]);
    const entries = events?.members?.flatMap(({ node }) => node.items ?? []) ?? events?.items ?? [];
    const commands = entries.flatMap(({ value }) => [
      ...commandsOf(value),
      ...commandsOf((value as { action?: unknown })?.action),
    ]);
    return commands.filter((command) => command.includes(MARK));
  } catch {
    return [];
  }
}

/** Whether installing in the scope where we are would change anything. */
async function findStale(
  scope: HookRequest["scope"],
  request: HookRequest,
  reader: ConfigReader,
): Promise<readonly HookFinding[]> {
  const { name: agent, title } = request.agent;
  const edits = await planHooks({ ...request, ...(scope === undefined ? {} : { scope }) }, reader);
  return edits.map(({ path, before }) => ({
    agent,
    state: before === null ? ("partial" as const) : ("outdated" as const),
    path,
    message: `${title} ${before === null ? "lacks a file of ours" : "runs another command than this version would write"}: run countersign init`,
  }));
}
