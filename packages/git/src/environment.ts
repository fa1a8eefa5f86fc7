// SPDX-License-Identifier: Apache-2.0

/**
 * What the person who runs us may say about how their Git reaches files and remotes. All other GIT_* variables of
 * the caller are dropped: GIT_DIR, GIT_INDEX_FILE, GIT_NAMESPACE or GIT_REPLACE_REF_BASE would silently point
 * a check at something else than what was asked about.
 */
const INHERITED =
  /^GIT_(?:CONFIG_(?:GLOBAL|SYSTEM|NOSYSTEM|COUNT|PARAMETERS|KEY_\d+|VALUE_\d+)|EXEC_PATH|SSH|SSH_COMMAND|SSH_VARIANT|ASKPASS|SSL_\w+|HTTP_\w+|PROXY_\w+|ALLOW_PROTOCOL|CEILING_DIRECTORIES|DISCOVERY_ACROSS_FILESYSTEM)$/;

const FIXED: Readonly<Record<string, string>> = {
  GIT_NO_REPLACE_OBJECTS: "1",
  // Grafts would hide commits as replace refs do (T38); the file does not exist.
  GIT_GRAFT_FILE: "/dev/null/no-grafts",
  GIT_NO_LAZY_FETCH: "1",
  GIT_TERMINAL_PROMPT: "0",
  GIT_OPTIONAL_LOCKS: "0",
  GIT_ATTR_NOSYSTEM: "1",
  // Full buffers instead of one write per commit: halves the time of a long walk.
  GIT_FLUSH: "0",
  GIT_PAGER: "cat",
  LC_ALL: "C",
  // Reflogs need some identity even where the machine has none; nothing else reads it.
  GIT_COMMITTER_NAME: "countersign",
  GIT_COMMITTER_EMAIL: "noreply@countersign.invalid",
};

/** For reading objects: no configuration of anybody, so that nobody's settings can change an answer. */
const WITHOUT_CONFIGURATION: Readonly<Record<string, string>> = {
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_AUTHOR_NAME: "countersign",
  GIT_AUTHOR_EMAIL: "noreply@countersign.invalid",
  GIT_AUTHOR_DATE: "@0 +0000",
  GIT_COMMITTER_DATE: "@0 +0000",
};

type Environment = Readonly<Record<string, string | undefined>>;

/** The caller's environment without LANGUAGE and without every GIT_* variable that `isKept` does not name. */
function strip(caller: Environment, isKept: (name: string) => boolean): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(caller)) {
    if (value === undefined || name === "LANGUAGE") continue;
    if (!name.toUpperCase().startsWith("GIT_") || isKept(name)) kept[name] = value;
  }
  return kept;
}

/** For work that needs the real repository: discovery, refs, transport. */
export function repositoryEnvironment(caller: Environment, extra: Environment = {}): Record<string, string> {
  return { ...strip(caller, (name) => INHERITED.test(name)), ...strip(extra, () => true), ...FIXED };
}

/** For work on objects only, which runs in an empty Git directory; see object-view.ts. */
export function objectEnvironment(caller: Environment, extra: Environment): Record<string, string> {
  const kept = strip(caller, (name) => name === "GIT_EXEC_PATH");
  return { ...kept, ...strip(extra, () => true), ...FIXED, ...WITHOUT_CONFIGURATION };
}
