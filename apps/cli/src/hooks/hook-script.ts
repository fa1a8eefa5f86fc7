// SPDX-License-Identifier: Apache-2.0
import { sha256Hex, toUtf8 } from "@countersign/core/ids";
import { POST_COMMIT, POST_REWRITE, PREPARE_COMMIT_MSG, TAKE_OFFERS } from "./recorder-script.ts";

export const CLIENT_HOOKS = [
  "prepare-commit-msg",
  "commit-msg",
  "post-commit",
  "post-rewrite",
  "pre-push",
] as const;
export const SERVER_HOOKS = ["pre-receive", "post-receive"] as const;
export type HookName = (typeof CLIENT_HOOKS)[number] | (typeof SERVER_HOOKS)[number];

/** Appended to the name of a hook that was there before ours. */
export const BEFORE = ".before-countersign";

export interface HookProgram {
  /** Absolute path of the Node that runs now. */
  readonly node: string;
  /** Absolute path of the command's own file. */
  readonly command: string;
}

const MARK = /^#!\/bin\/sh\n# countersign hook, sha256 ([0-9a-f]{64})\n/;

/**
 * A hook in POSIX sh: runs the hook that was there before, then us. It finds us by the paths of the day it was written,
 * else by PATH. On a server, where it finds nothing, it refuses; on a person's machine it says so and lets the work go on.
 * `folder`: where the hooks that were there before stay, as Git would name it; otherwise beside ours, renamed.
 */
export function formatHookScript(name: HookName, program: HookProgram, folder?: string): string {
  return withMark([
    "# Written by `countersign hooks install`; `countersign hooks uninstall` takes it away again.",
    ...(folder === undefined
      ? [
          `# An own hook belongs into ${name}${BEFORE} beside this file: it runs first, and its refusal stands.`,
          `previous=$\{0%/*}/${name}${BEFORE}`,
        ]
      : [
          "# The project's own hook runs first, and its refusal stands.",
          `previous=${quote(`${folder}/${name}`)}`,
        ]),
    ...(readsInput(name) ? withInput(name) : withoutInput(name)),
    ...(name === "commit-msg" ? PREFILTER : []),
    ...(RECORDING[name] === undefined ? start(name, program) : [...findProgram(program), ...RECORDING[name]]),
  ]);
}

/** Hooks of the recorder, which has a program of its own. */
const RECORDING: Readonly<Partial<Record<HookName, readonly string[]>>> = {
  "prepare-commit-msg": PREPARE_COMMIT_MSG,
  "post-commit": POST_COMMIT,
  "post-rewrite": POST_REWRITE,
};

function findProgram({ node, command }: HookProgram): readonly string[] {
  const program = command.replace(/[^/\\]+$/, "countersign-commit.cjs");
  return [`node=${quote(node)}`, `program=${quote(program)}`];
}

/** Stands in our own folder for a hook that is none of ours: runs the one in `folder` if there is one by then. */
export function formatPassingHook(name: string, folder: string): string {
  return withMark([
    "# Written by `countersign init`; `countersign init --uninstall` takes it away again.",
    `previous=${quote(`${folder}/${name}`)}`,
    'if [ -x "$previous" ]; then exec "$previous" "$@"; fi',
    "exit 0",
  ]);
}

function withMark(lines: readonly string[]): string {
  const body = [...lines, ""].join("\n");
  return `#!/bin/sh\n# countersign hook, sha256 ${sha256Hex(toUtf8(body))}\n${body}`;
}

/** `ours`: exactly as written; `edited`: ours, with lines that somebody would miss; `foreign`: somebody else's. */
export function recogniseHook(text: string): "ours" | "edited" | "foreign" {
  const [head, digest] = MARK.exec(text) ?? [];
  if (head === undefined) return "foreign";
  return sha256Hex(toUtf8(text.slice(head.length))) === digest ? "ours" : "edited";
}

function readsInput(name: HookName): boolean {
  return !["commit-msg", "prepare-commit-msg", "post-commit"].includes(name);
}

function isServer(name: HookName): boolean {
  return SERVER_HOOKS.some((known) => known === name);
}

/** Both hooks read standard input; ref names hold no NUL, so a variable keeps it whole. */
function withInput(name: HookName): string[] {
  const guard = name === "pre-push" ? ['if [ -n "$COUNTERSIGN_IN_HOOK" ]; then exit 0; fi'] : [];
  const isRefusing = name !== "post-receive" && name !== "post-rewrite";
  return [
    ...guard,
    "input=$(cat)",
    'if [ -x "$previous" ]; then',
    '  printf \'%s\\n\' "$input" 2>/dev/null | "$previous" "$@"'.concat(isRefusing ? " || exit $?" : ""),
    "fi",
  ];
}

/** Nobody asks what a post-commit hook thinks of it. */
function withoutInput(name: HookName): string[] {
  return [`if [ -x "$previous" ]; then "$previous" "$@"${name === "post-commit" ? "" : " || exit $?"}; fi`];
}

/**
 * Most messages hold nothing that could be attribution; they must not pay for the start of Node. Coarser than the parser
 * on purpose and in both directions: the gate reads every line again.
 */
const PREFILTER = [
  "found= offered=",
  'while IFS= read -r line || [ -n "$line" ]; do',
  "  case $line in",
  "    *'------------------------ >8 ------------------------'*) break ;;",
  "    *' countersign adds: '*) offered=1 ;;",
  "    'AI-Assisted: '[a-z]*/[a-z]*'; extent=edited') ;;",
  "    'AI-Assisted: '[a-z]*/[a-z]*' '*) found=1; break ;;",
  "    'AI-Assisted: '[a-z]*/[a-z]*) ;;",
  "    [Ss]igned-off-by:*[Cc]laude*|[Ss]igned-off-by:*[Cc]opilot*|[Ss]igned-off-by:*[Cc]odex*|[Ss]igned-off-by:*\\[bot\\]*) found=1; break ;;",
  "    [Ss]igned-off-by:*|[Rr]eviewed-by:*|[Aa]cked-by:*|[Tt]ested-by:*|[Rr]eported-by:*) ;;",
  "    *[Aa][Ii]-*:*|*[Aa][Ii]\\ *:*|*[Aa][Ss][Ss][Ii][Ss][Tt]*|*-[Bb][Yy]:*|*-[Bb]y\\ *|*[Gg]enerated*|*[Ss]ession*:*|*[Aa]gent*:*|*[Mm]ade\\ with*|*[Mm]odel*:*|*🤖*) found=1; break ;;",
  "  esac",
  'done < "$1"',
  'if [ -n "$offered" ]; then',
  ...TAKE_OFFERS.map((line) => `  ${line}`),
  "fi",
  'if [ -z "$found" ]; then exit 0; fi',
];

function start(name: HookName, { node, command }: HookProgram): string[] {
  const input = readsInput(name) ? `printf '%s\\n' "$input" | ` : "";
  const run = (words: string) => {
    const call = `${input}${words} hook ${name} "$@"`;
    return isServer(name) ? [`  ${call}`, "  exit $?"] : [`  answer=$(${call})`, ...CLIENT_EXIT];
  };
  return [
    `node=${quote(node)}`,
    `command=${quote(command)}`,
    'if [ -x "$node" ] && [ -r "$command" ]; then',
    ...run('"$node" "$command"'),
    "elif command -v countersign >/dev/null 2>&1; then",
    ...run("countersign"),
    "fi",
    ...notFound(name),
  ];
}

/** Only a deliberate no stops a person's work: a damaged file makes Node exit with 1 too, but it cannot say the word. */
const CLIENT_EXIT = ['  if [ "$answer" = refused ]; then exit 1; fi', "  exit 0"];

/** One word for any POSIX shell, whatever the path holds. */
function quote(path: string): string {
  return `'${path.replaceAll("'", "'\\''")}'`;
}

/** A parameter expansion of the shell: empty outside GitLab. */
const GITLAB_PREFIX = `$\{GL_ID:+GL-HOOK-ERR: }`;

function notFound(name: HookName): string[] {
  const prefix = isServer(name) ? GITLAB_PREFIX : "";
  const advice = "install it again with: countersign hooks install";
  const outcome =
    name === "pre-receive" ? "the gate cannot run, so this push is refused" : "nothing was checked";
  return [
    `echo "${prefix}countersign: neither $command nor a countersign on PATH is here; ${outcome}." >&2`,
    `echo "${prefix}countersign: ${isServer(name) ? "administrator: " : ""}${advice}" >&2`,
    `exit ${name === "pre-receive" ? 1 : 0}`,
  ];
}
