// SPDX-License-Identifier: Apache-2.0
import { isDeepStrictEqual } from "node:util";
import { AgentError } from "../agent-error.ts";
import { addItem, addMember, findNode, removeFrom, removeMember } from "./edit-json.ts";
import { type HookCommand, type JsonHooks, MARK } from "./hook-descriptor.ts";
import { type JsonNode, parseNodes } from "./json-nodes.ts";

export interface HookedText {
  readonly text: string;
  /** Objects and lists that were made for our entries, as `hooks/PreToolUse`; they go when they are empty again. */
  readonly created: readonly string[];
}

/**
 * The settings with our hooks in them, each once; everything else as it was, byte for byte. The same text again if they
 * are there already.
 * @throws AgentError CONFIG_MALFORMED: then nothing of the file may be touched
 */
export function addJsonHooks(
  original: string | undefined,
  format: JsonHooks,
  command: HookCommand,
): HookedText {
  const created = new Set<string>();
  let text = original === undefined || original.trim() === "" ? "{}\n" : original;
  if (parseNodes(text).members === undefined)
    throw new AgentError("CONFIG_MALFORMED", "an object was expected, for example {}");
  for (const [key, value] of Object.entries(format.defaults ?? {}))
    text = addIfMissing(text, [], key, value, created);
  text = addIfMissing(text, [], "hooks", {}, created);
  for (const event of format.events) {
    text = addIfMissing(text, ["hooks"], event.name, [], created);
    text = setEntry(text, event.name, format.entry(command, event));
  }
  return { text, created: [...created] };
}

function addIfMissing(
  text: string,
  path: readonly string[],
  key: string,
  value: unknown,
  created: Set<string>,
): string {
  const parent = findNode(parseNodes(text), path);
  if (parent?.members === undefined)
    throw new AgentError(
      "CONFIG_MALFORMED",
      `${path.join(".")} is no object; expected its events, for example "hooks": {}`,
    );
  if (parent.members.some((member) => member.key === key)) return text;
  created.add([...path, key].join("/"));
  return addMember(text, path, key, value);
}

function setEntry(text: string, event: string, entry: unknown): string {
  const list = findNode(parseNodes(text), ["hooks", event]);
  if (list?.items === undefined)
    throw new AgentError(
      "CONFIG_MALFORMED",
      `hooks.${event} is no list; expected its hooks, for example "${event}": []`,
    );
  const own = list.items.filter((item) => isOurs(item.value));
  const [only] = own;
  if (own.length === 1 && only && isDeepStrictEqual(only.value, entry)) return text;
  return addItem(removeEntries(text, event), ["hooks", event], entry);
}

/**
 * The settings without any hook of ours, on whichever event. Lists and objects that `created` names, or that hold nothing
 * but what was ours if it is unknown, go as well.
 * @throws AgentError CONFIG_MALFORMED
 */
export function removeJsonHooks(original: string, created?: readonly string[]): string {
  const hooks = findNode(parseNodes(original), ["hooks"]);
  const events = (hooks?.members ?? []).filter(({ node }) => node.items?.some((item) => isOurs(item.value)));
  let text = original;
  for (const { key } of events) {
    text = removeEntries(text, key);
    const isOwn = created === undefined || created.includes(`hooks/${key}`);
    if (isOwn && findNode(parseNodes(text), ["hooks", key])?.items?.length === 0)
      text = removeMember(text, ["hooks"], key);
  }
  if (events.length === 0 && created === undefined) return original;
  for (const key of created ?? ["hooks"])
    if (!key.includes("/") && canGo(parseNodes(text), key)) text = removeMember(text, [], key);
  return text;
}

/** An empty `hooks`; another field of ours only once nobody's hooks are left that may need it. */
function canGo(root: JsonNode, key: string): boolean {
  const node = findNode(root, [key]);
  if (node?.members) return node.members.length === 0;
  return node !== undefined && (findNode(root, ["hooks"])?.members ?? []).length === 0;
}

/** Removes our entries of one event: whole entries, or our part of one that others share. */
function removeEntries(text: string, event: string): string {
  const path = ["hooks", event];
  const list = findNode(parseNodes(text), path);
  const items = list?.items ?? [];
  const index = items.findLastIndex((item) => isOurs(item.value));
  const item = items[index];
  if (list === undefined || item === undefined) return text;
  const handlers = findNode(item, ["hooks"]);
  const own = handlers?.items?.findIndex((handler) => isOurs(handler.value)) ?? -1;
  const isShared = handlers?.items !== undefined && handlers.items.length > 1 && own >= 0;
  return removeEntries(isShared ? removeFrom(text, handlers, own) : removeFrom(text, list, index), event);
}

const COMMANDS = ["command", "bash", "powershell", "windows", "linux", "osx"] as const;

/** Whether an entry, or one of the handlers in it, runs our recorder. */
export function isOurs(entry: unknown): boolean {
  return commandsOf(entry).some((command) => command.includes(MARK));
}

/** Every command that an entry of an event's list runs. */
export function commandsOf(entry: unknown): readonly string[] {
  if (typeof entry !== "object" || entry === null) return [];
  const record = entry as Record<string, unknown>;
  const own = COMMANDS.flatMap((name) => (typeof record[name] === "string" ? [record[name]] : []));
  const inner = Array.isArray(record.hooks) ? record.hooks.flatMap(commandsOf) : [];
  return [...own, ...inner];
}
