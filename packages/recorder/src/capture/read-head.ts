// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { ObjectId } from "@countersign/core/ids";

const COMMIT = /(?:^| )([0-9a-f]{40}|[0-9a-f]{64})$/;
/** Left by Git where it stopped half-way: the commits whose text it put into the work tree. */
const STOPPED = ["MERGE_HEAD", "CHERRY_PICK_HEAD", "REBASE_HEAD"];
/** Operations that put text into the work tree which no commit with a name has at that path. */
const UNTRACEABLE = ["REVERT_HEAD", "rebase-apply"];
/** Commits of a squash that are looked at for the text it brought. */
const MOST_SQUASHED = 32;

/**
 * What HEAD is, without a process: its ref and the commit's id, as text to compare with an earlier one. A reftable
 * repository always says the same, which only costs certainty.
 */
export function readHead(gitDir: string): string {
  const head = read(join(gitDir, "HEAD"));
  const ref = /^ref: (refs\/\S+)/.exec(head)?.[1];
  const common = commonFolder(gitDir);
  return ref === undefined ? head : `${ref} ${read(join(common, ref)) || readPacked(common, ref)}`;
}

/**
 * The same, with the operation that Git is at, where it puts text into files that cannot be told from a person's: a name that
 * equals no other and holds no commit, so that nobody has typed what changed on the way to it.
 */
export function readStand(gitDir: string): string {
  const head = readHead(gitDir);
  const operation = UNTRACEABLE.find((name) => existsSync(join(gitDir, name)));
  return operation === undefined ? head : `${head} ${operation}`;
}

/** Bytes of HEAD's log; 0 where there is none. */
export function headLogLength(gitDir: string): number {
  return statSync(join(gitDir, "logs", "HEAD"), { throwIfNoEntry: false })?.size ?? 0;
}

/** The commit in what {@link readHead} says; undefined on an unborn branch and where it could not be told. */
export function headCommit(head: string): ObjectId | undefined {
  return COMMIT.exec(head)?.[1];
}

/** Commits besides HEAD from which Git may just have taken text: the other side of a merge or pick, and the newest stash. */
export function readOtherCommits(gitDir: string): readonly ObjectId[] {
  return [...new Set([readStash(gitDir) ?? [], toCommits(readStopped(gitDir))].flat())];
}

/** The newest stash. */
export function readStash(gitDir: string): ObjectId | undefined {
  return toCommits([read(join(commonFolder(gitDir), "refs/stash"))])[0];
}

/** Those of the operation alone that Git is at, also where it has not stopped and only asks a hook. */
export function readPickedCommits(gitDir: string): readonly ObjectId[] {
  const done = read(join(gitDir, "rebase-merge/done"));
  const [, picked = ""] = done
    .slice(done.lastIndexOf("\n") + 1)
    .split(" ")
    .filter(isNoOption);
  return toCommits([picked, read(join(gitDir, "rebase-apply/original-commit")), ...readStopped(gitDir)]);
}

/** As in `fixup -C <commit>`. */
function isNoOption(word: string): boolean {
  return !word.startsWith("-");
}

function readStopped(gitDir: string): readonly string[] {
  const stopped = STOPPED.flatMap((name) => read(join(gitDir, name)).split("\n"));
  return [...stopped, ...readSquashedCommits(gitDir)];
}

/** Those that `git merge --squash` names in the message that it leaves, newest first. */
export function readSquashedCommits(gitDir: string): readonly ObjectId[] {
  const message = read(join(gitDir, "SQUASH_MSG"));
  const squashed = [...message.matchAll(/^commit ([0-9a-f]+)$/gm)].map(([, id = ""]) => id);
  return toCommits(squashed.slice(0, MOST_SQUASHED));
}

function toCommits(texts: readonly string[]): readonly ObjectId[] {
  return [...new Set(texts)].filter((text) => COMMIT.test(text) && !text.includes(" "));
}

function commonFolder(gitDir: string): string {
  const common = read(join(gitDir, "commondir"));
  return common === "" ? gitDir : resolve(gitDir, common);
}

function readPacked(common: string, ref: string): string {
  const packed = read(join(common, "packed-refs"));
  const end = packed.indexOf(` ${ref}\n`);
  const line = end < 0 && packed.endsWith(` ${ref}`) ? packed.length - ref.length - 1 : end;
  return line < 0 ? "" : packed.slice(packed.lastIndexOf("\n", line) + 1, line);
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return "";
  }
}
