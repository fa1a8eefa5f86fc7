// SPDX-License-Identifier: Apache-2.0

import { STAGED_OPTIONS } from "@countersign/git";
import { HOOK_SETTINGS, MOST_TOUCHED } from "@countersign/recorder";

/*
 * The parts of the Git hooks that belong to the recorder, in POSIX sh. Every commit pays for them: while nothing is pending they
 * are the shell's own words, without any process or subshell. `$node` and `$program` are set by what surrounds them.
 */

/**
 * Runs our program; where it is gone, nothing is lost: the commit is found again by HEAD's log. Where our own folder is
 * read-only, what Node compiled of it is kept in one that nobody else can write to.
 */
const start = (words: string, exec = ""): string =>
  `if [ -x "$node" ] && [ -r "$program" ]; then COUNTERSIGN_COMPILED="$recorder/compiled" ${exec}"$node" "$program" ${words}; fi`;

/** A line for the presence file. A full disk or a read-only one must not print, and never stop a commit; nor must a pipe. */
const note = (format: string, words: string): string =>
  `if [ -f "$recorder/presence" ] || ! [ -e "$recorder/presence" ]; then { printf '${format}\\n' ${words} >> "$recorder/presence"; } 2>/dev/null; fi`;

/** Not with `:`, which is a special builtin: where it cannot write, the shell would end with an error, and so the commit. */
const DROP_PREPARED = `{ printf '' > "$recorder/prepared"; } 2>/dev/null`;

/** What our program will want to know, asked while it starts; told-by-shell.ts reads it. */
const ASK_GIT: readonly string[] = [
  "git write-tree",
  `git config -z --get-regexp '${HOOK_SETTINGS}'`,
  "printf '\\0'",
  `git --no-replace-objects diff-index --cached ${STAGED_OPTIONS.join(" ")} HEAD -- && printf 'ok\\n'`,
];

/** Files of which something is known, as HEAD and the index have them: packed objects cost our program a process of its own. */
const READ_AHEAD: readonly string[] = [
  "count=0",
  `while [ $count -lt ${MOST_TOUCHED} ] && IFS= read -r path; do`,
  '  printf \'HEAD:%s\\n:%s\\n\' "$path" "$path"',
  "  count=$((count + 1))",
  'done < "$recorder/touched" | GIT_NO_LAZY_FETCH=1 git --no-replace-objects cat-file --batch --buffer',
];

/**
 * Our program says when it is done: to take Node down again takes another 6 ms, for which no commit has to wait. It ends the same wait
 * if it is killed or cannot start, for then the pipe is closed. In the background a program would have no input but this, and no parent
 * but the system's first process: it is told the hook's own, under which Git and the command that called Git are found.
 */
const UNTIL_DONE: readonly string[] = [
  "{",
  "  COUNTERSIGN_WAITING=$$",
  "  export COUNTERSIGN_WAITING",
  `  { ${start('prepare-commit-msg "$@" <&3 3<&-', "exec ")}; } &`,
  "} 3<&0",
];

/** Git keeps the message in the work tree's own Git directory, whatever its name. */
export const PREPARE_COMMIT_MSG: readonly string[] = [
  `case $1 in */*) dir=$\{1%/*} ;; *) dir=. ;; esac`,
  "recorder=$dir/countersign/recorder",
  'if ! [ -d "$recorder" ]; then exit 0; fi',
  "again=",
  `if [ -e "$dir/SQUASH_MSG" ] || [ -e "$dir/MERGE_HEAD" ] || [ -d "$dir/rebase-merge" ] || [ -d "$dir/rebase-apply" ]; then`,
  "  # The content of such a commit was not all made here.",
  `  ${note("s %s", "brought")}`,
  '  if [ -e "$dir/SQUASH_MSG" ] && ! [ -d "$dir/rebase-merge" ]; then again=squashed; fi',
  `elif [ -e "$dir/ORIG_HEAD" ] && ! [ "$dir/ORIG_HEAD" -ot "$recorder/presence" ]; then`,
  "  again=reset",
  "fi",
  "pending= settled=",
  "# What cannot be read says nothing: it is for the program to find out.",
  'if [ -s "$recorder/pending" ]; then',
  '  if [ -f "$recorder/pending" ] && [ -r "$recorder/pending" ]; then IFS= read -r pending < "$recorder/pending"; fi',
  `  pending=$\{pending:-unread}`,
  "fi",
  'if [ -f "$recorder/settled" ] && [ -r "$recorder/settled" ]; then IFS= read -r settled < "$recorder/settled"; fi',
  'if [ "$pending" = "$settled" ]; then',
  "  # What was prepared for a commit that was not made must not become this one's.",
  `  if [ -s "$recorder/prepared" ]; then ${DROP_PREPARED}; fi`,
  "  # Recorded work that is committed again, since the last commit reset or squashed: its message says nothing of it yet. So it is",
  "  # with a new message for the same commit, which Git tells to nobody but by its own command line.",
  `  if [ -z "$again" ] && [ "$\{2-}" = message ] && [ -r "/proc/$PPID/cmdline" ]; then`,
  `    while IFS= read -r line || [ -n "$line" ]; do again=$again$line; done < "/proc/$PPID/cmdline"`,
  "  fi",
  "  case $again in squashed | reset | *--am*) ;; *) exit 0 ;; esac",
  "fi",
  "{",
  ...ASK_GIT.map((line) => `  ${line}`),
  '  if [ -s "$recorder/touched" ]; then',
  ...READ_AHEAD.map((line) => `    ${line}`),
  "  fi",
  "} 2>/dev/null | {",
  ...UNTIL_DONE.map((line) => `  ${line}`),
  "} | read -r _",
  "exit 0",
];

/**
 * What an editor left of the trailers that prepare-commit-msg offered in comments. The body stands above them; a message
 * without any gets none, so that Git still takes it for empty and commits nothing.
 */
export const TAKE_OFFERS: readonly string[] = [
  "message=$1 body= comment=",
  "set --",
  'while IFS= read -r line || [ -n "$line" ]; do',
  "  case $line in",
  "    *' countersign adds: '*)",
  `      comment=$\{line%%' countersign adds: '*}`,
  `      set -- "$@" --trailer "$\{line#*' countersign adds: '}" ;;`,
  '    *[![:space:]]*) if [ -z "$body$comment" ]; then body=$line; fi ;;',
  "  esac",
  'done < "$message"',
  `case $body in "" | "$comment"*) ;;`,
  '  *) git interpret-trailers --in-place --where end --if-exists addIfDifferent --if-missing add "$@" "$message" ;;',
  "esac",
  'set -- "$message"',
];

const FIND_RECORDER: readonly string[] = [
  `dir=$\{GIT_DIR:-.git}`,
  `if [ -f "$dir" ]; then IFS= read -r dir < "$dir"; dir=$\{dir#gitdir: }; fi`,
  "recorder=$dir/countersign/recorder",
];

/** The commit's id from the files of the ref backend; a dash where they do not tell, and HEAD's log has to. */
const READ_COMMIT: readonly string[] = [
  "id=- common=$dir head=",
  'if [ -r "$dir/commondir" ]; then',
  '  IFS= read -r common < "$dir/commondir"',
  "  case $common in /*) ;; *) common=$dir/$common ;; esac",
  "fi",
  'if [ -r "$dir/HEAD" ]; then IFS= read -r head < "$dir/HEAD"; fi',
  "case $head in",
  "  'ref: '*)",
  `    head=$\{head#ref: }`,
  '    if [ -r "$common/$head" ]; then IFS= read -r id < "$common/$head"; fi ;;',
  "  ?*) id=$head ;;",
  "esac",
];

/**
 * Work for which nobody waits: `git commit` has returned by then. It holds none of the caller's files open, and a terminal that
 * is closed does not end it. Crash argument: all that it does, the next flush does too.
 */
const later = (lines: readonly string[]): readonly string[] => [
  "{",
  "  trap '' HUP",
  ...lines.map((line) => `  ${line}`),
  "} </dev/null >/dev/null 2>&1 &",
];

export const POST_COMMIT: readonly string[] = [
  ...FIND_RECORDER,
  'if ! [ -d "$recorder" ]; then mkdir -p "$recorder" 2>/dev/null && chmod 700 "$recorder" || exit 0; fi',
  ...READ_COMMIT,
  "key=",
  'if [ -f "$recorder/prepared" ] && [ -s "$recorder/prepared" ]; then',
  '  IFS=" " read -r _ key < "$recorder/prepared"',
  `  ${DROP_PREPARED}`,
  "fi",
  'if [ -z "$key" ]; then',
  `  ${note("c %s", '"$id"')}`,
  "  exit 0",
  "fi",
  'if [ "$id" = - ]; then id=$(git rev-parse HEAD 2>/dev/null) || id=-; fi',
  note("p %s %s", '"$id" "$key"'),
  ...later([start("flush behind-git")]),
  "exit 0",
];

/** Rewritten commits take their records along, where there are any; a rebase calls this once, at its end. */
export const POST_REWRITE: readonly string[] = [
  ...FIND_RECORDER,
  'if ! [ -d "$recorder" ]; then exit 0; fi',
  "printf '%s\\n' \"$input\" | while read -r old new _; do",
  `  if [ -n "$new" ]; then ${note("r %s %s", '"$old" "$new"')}; fi`,
  "done",
  'if [ -e "$recorder/recorded" ]; then',
  ...later([start("flush behind-git")]).map((line) => `  ${line}`),
  "fi",
  "exit 0",
];
