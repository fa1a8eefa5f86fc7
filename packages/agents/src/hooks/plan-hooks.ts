// SPDX-License-Identifier: Apache-2.0
import type { AgentAdapter } from "../agent-adapter.ts";
import { AgentError } from "../agent-error.ts";
import type { ConfigReader } from "./config-reader.ts";
import { findNode } from "./edit-json.ts";
import { hookCommand } from "./hook-command.ts";
import { type HookLocation, type HookPlace, type HookScope, MARK } from "./hook-descriptor.ts";
import { addJsonHooks, isOurs, removeJsonHooks } from "./json-hooks.ts";
import { parseNodes } from "./json-nodes.ts";
import { namingFile } from "./naming-file.ts";

export interface HookRequest extends HookLocation {
  readonly agent: AgentAdapter;
  /** Undefined: where this agent is best installed. */
  readonly scope?: HookScope;
  /** Program and arguments of the recorder, without the agent's name; must contain `countersign-record`. */
  readonly command: readonly string[];
  readonly isWindows?: boolean;
}

/** One file to be written. A value: nothing has happened yet. */
export interface ConfigEdit {
  readonly agent: string;
  readonly scope: HookScope;
  readonly path: string;
  /** Text the plan was made for; null: no such file. The edit applies to this text only. */
  readonly before: string | null;
  /** Null: the file goes. */
  readonly after: string | null;
  readonly isExecutable: boolean;
  /** The file is ours alone. */
  readonly isOwn: boolean;
  /** Parts of a shared file that were made for our entries; see `addJsonHooks`. */
  readonly created: readonly string[];
}

/**
 * What has to be written so that this agent calls us; empty if it does already. An agent that is installed in another scope is
 * left as it is: two would report everything twice.
 * @throws AgentError CONFIG_MALFORMED, CONFIG_UNSUPPORTED (no hooks, not in this scope, or the file is somebody else's)
 */
export async function planHooks(request: HookRequest, reader: ConfigReader): Promise<readonly ConfigEdit[]> {
  const { hooks } = await request.agent.load();
  if (!hooks) throw new AgentError("CONFIG_UNSUPPORTED", `${request.agent.title} has no hooks to install`);
  const scope = request.scope ?? hooks.places[0]?.scope ?? "user";
  const places = hooks.places.filter((place) => place.scope === scope);
  if (places.length === 0)
    throw new AgentError("CONFIG_UNSUPPORTED", `${request.agent.title} has no hooks of scope ${scope}`);
  const elsewhere = hooks.places.filter((place) => place.scope !== scope);
  if (elsewhere.some((place) => pathsOf(place, request, reader).some((path) => isHooked(path, reader))))
    return [];
  return places.flatMap((place) => planPlace(place, request, reader));
}

/** The files of one place: one, or those that are there. */
export function pathsOf(place: HookPlace, location: HookLocation, reader: ConfigReader): readonly string[] {
  const path = place.path(location);
  if (!path.endsWith("/*.json")) return [path];
  const folder = path.slice(0, -"/*.json".length);
  return reader
    .list(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name) => `${folder}/${name}`);
}

function planPlace(place: HookPlace, request: HookRequest, reader: ConfigReader): readonly ConfigEdit[] {
  const { format } = place;
  const named = (format.kind === "own-file" ? format.agent : undefined) ?? request.agent.name;
  const command = hookCommand(request.command, named, request.isWindows ?? false);
  return pathsOf(place, request, reader).flatMap((path) => {
    const before = reader.read(path) ?? null;
    const hooked =
      format.kind === "json"
        ? namingFile(path, () => addJsonHooks(before ?? undefined, format, command))
        : { text: format.content(command), created: [] };
    if (format.kind === "own-file" && before !== null && !before.includes(MARK))
      throw new AgentError(
        "CONFIG_UNSUPPORTED",
        `${path} is somebody else's; ${request.agent.title} takes one file for each event`,
      );
    if (hooked.text === before) return [];
    const isOwn = format.kind === "own-file";
    const isExecutable = isOwn && format.isExecutable === true;
    const { text: after, created } = hooked;
    return [
      { agent: request.agent.name, scope: place.scope, path, before, after, isExecutable, isOwn, created },
    ];
  });
}

/** Whether a file makes its agent call a recorder of ours, whichever command it gives. */
export function isHooked(path: string, reader: ConfigReader): boolean {
  return reader.read(path)?.includes(MARK) ?? false;
}

/** An edit that was made, as it is kept until `--uninstall`. Plain JSON. */
export interface AppliedEdit {
  readonly agent: string;
  readonly path: string;
  /** Text to be put back; null: there was no file. */
  readonly before: string | null;
  /** SHA-256 in hex of the text that was written. */
  readonly after: string;
  readonly created: readonly string[];
  readonly isOwn: boolean;
  /** Folders that were made, the outermost first; they go when they are empty. */
  readonly folders: readonly string[];
}

/** What undoes these edits: the very text that was there, or, if somebody has changed the file since, only our part gone. */
export function planRestore(applied: readonly AppliedEdit[], reader: ConfigReader): readonly ConfigEdit[] {
  return applied.flatMap((edit) => {
    const current = reader.read(edit.path);
    if (current === undefined) return [];
    const after =
      textDigest(current) === edit.after
        ? edit.before
        : namingFile(edit.path, () => withoutOurs(current, edit));
    return after === current ? [] : [undoing(edit, current, after)];
  });
}

/** What removes our hooks of an agent from every scope, with nothing known of what was there before. */
export async function planRemoval(
  request: HookLocation & { readonly agent: AgentAdapter },
  reader: ConfigReader,
): Promise<readonly ConfigEdit[]> {
  const { hooks } = await request.agent.load();
  return (hooks?.places ?? []).flatMap((place) =>
    pathsOf(place, request, reader).flatMap((path) => {
      const current = reader.read(path);
      if (!current?.includes(MARK)) return [];
      const isOwn = place.format.kind === "own-file";
      const known = { before: isOwn ? null : "", created: undefined, isOwn };
      const after = namingFile(path, () => withoutOurs(current, known));
      return [undoing({ agent: request.agent.name, path, isOwn }, current, after)];
    }),
  );
}

function undoing(
  of: Pick<AppliedEdit, "agent" | "path" | "isOwn">,
  before: string,
  after: string | null,
): ConfigEdit {
  const { agent, path, isOwn } = of;
  return { agent, scope: "user", path, before, after, isExecutable: false, isOwn, created: [] };
}

/** A file of ours goes even if it was changed, unless others put hooks into it; a shared one if nothing else is in it. */
function withoutOurs(
  current: string,
  edit: Pick<AppliedEdit, "before" | "isOwn"> & { readonly created: readonly string[] | undefined },
): string | null {
  if (edit.isOwn && !hasOthers(current)) return current.includes(MARK) ? edit.before : current;
  if (!current.includes(MARK) && !isSettings(current)) return current;
  const text = removeJsonHooks(current, edit.created);
  return edit.before === null && (parseNodes(text).members ?? []).length === 0 ? null : text;
}

/** Whatever it is now, an emptied file for example, nothing can be left in it to take away. */
function isSettings(text: string): boolean {
  try {
    return parseNodes(text).members !== undefined;
  } catch {
    return false;
  }
}

/** Whether a file has lists of hooks by event with hooks in them that are not ours. */
function hasOthers(text: string): boolean {
  try {
    const events = findNode(parseNodes(text), ["hooks"])?.members ?? [];
    return events.some(({ node }) => node.items?.some((item) => !isOurs(item.value)));
  } catch {
    return false;
  }
}

export function textDigest(text: string): string {
  return process.getBuiltinModule("node:crypto").createHash("sha256").update(text).digest("hex");
}
