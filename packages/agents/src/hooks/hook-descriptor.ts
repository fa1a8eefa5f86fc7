// SPDX-License-Identifier: Apache-2.0

/** In every command and file of ours; what carries it is ours to change and to remove, and nothing else is. */
export const MARK = "countersign-record";

/**
 * - `user`: all of the user's repositories; `project`: a file that the team would commit; `local`: the project's, but not
 *   committed.
 */
export type HookScope = "user" | "project" | "local";

export interface HookLocation {
  readonly home: string;
  /** Top of the work tree. */
  readonly repoRoot: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** How `init` makes an agent call us. */
export interface HookDescriptor {
  /** What shows that the agent is here: folders in the user's home, and programs. */
  readonly signs: { readonly folders: readonly string[]; readonly binaries: readonly string[] };
  /** The first is where `init` installs if nobody says otherwise. */
  readonly places: readonly HookPlace[];
  /** Not installed unless asked for by name; the reason, for people. */
  readonly optIn?: string;
  /** What a person has to do besides, for people. */
  readonly note?: string;
}

export interface HookPlace {
  readonly scope: HookScope;
  /** Absolute. Ending in `/*.json`: every such file that is there, and none is made. */
  readonly path: (location: HookLocation) => string;
  readonly format: HookFormat;
}

export type HookFormat = JsonHooks | OwnFile;

/** A JSON or JSONC file that others write too: `hooks.<event>` is a list, and ours is one entry of it. */
export interface JsonHooks {
  readonly kind: "json";
  readonly events: readonly HookEvent[];
  /** One entry of an event's list. */
  readonly entry: (command: HookCommand, event: HookEvent) => unknown;
  /** Other top-level fields that the agent asks for, if they are missing. */
  readonly defaults?: Readonly<Record<string, unknown>>;
}

/** A file that is ours alone. */
export interface OwnFile {
  readonly kind: "own-file";
  readonly content: (command: HookCommand) => string;
  /** Agent that the command names, where two agents share the file. */
  readonly agent?: string;
  readonly isExecutable?: boolean;
}

export interface HookEvent {
  readonly name: string;
  readonly matcher?: string;
}

export interface HookCommand {
  /** Program and arguments, the agent's name last. */
  readonly words: readonly string[];
  /** For a POSIX shell, or for the command interpreter of Windows. Always ends well. */
  readonly shell: string;
  readonly powershell: string;
}
