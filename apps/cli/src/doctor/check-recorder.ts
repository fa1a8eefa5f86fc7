// SPDX-License-Identifier: Apache-2.0
import { accessSync, constants, existsSync, lstatSync, statfsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { type DoctorFinding, shellWord, toMinute } from "@countersign/core/render";
import { readCommits, resolveCommit } from "@countersign/git";
import {
  findMisplaced,
  listAside,
  readActive,
  readRecords,
  readWorkingState,
  recorderFolder,
  type SeenGap,
} from "@countersign/recorder";
import { hooksFilePath } from "../init/agent-hooks-file.ts";
import { type DoctorPlace, INSTALL } from "./doctor-place.ts";

type Found = Pick<DoctorFinding, "level" | "message" | "fix">;

/** The recorder's own files: active since when, whole, writable, nothing lost, nobody's lock left. */
export async function checkRecorder(here: DoctorPlace): Promise<readonly DoctorFinding[]> {
  const { gitDir } = here.place;
  const kinds = checkKinds(recorderFolder(gitDir));
  // A folder in the place of the mark is said once, with what mends it.
  const isMisplaced = findMisplaced(recorderFolder(gitDir)).some(({ name }) => name === "active");
  return [
    ...(isMisplaced ? [] : [toFinding("active", checkActive(here))]),
    toFinding("disk", checkDisk(recorderFolder(gitDir).root)),
    ...checkAccess(recorderFolder(gitDir).root),
    ...checkLocks(here),
    ...kinds,
    ...(await checkKept(here)),
    ...(await checkTrailers(here)),
  ];
}

function toFinding(name: string, found: Found): DoctorFinding {
  return { check: "recorder", name, ...found };
}

function checkActive({ place, now }: DoctorPlace): Found {
  const path = recorderFolder(place.gitDir).active;
  const active = readActive(place.gitDir);
  if (active === undefined) {
    const isDamaged = existsSync(path);
    const message = isDamaged
      ? `${path} cannot be read, so nobody can tell since when the recorder is here`
      : "the recorder was never set up in this work tree";
    return { level: "problem", message, fix: INSTALL };
  }
  if (active.at > now + MOST_SKEW_S)
    return {
      level: "warning",
      message: `active since ${toMinute(active.at)}, which is yet to come: a clock is or was wrong`,
      fix: `set the clock right; if it is right now: rm ${shellWord(path)} && ${INSTALL}`,
    };
  return { level: "ok", message: `since ${toMinute(active.at)}`, fix: null };
}

const MOST_SKEW_S = 300;
const LEAST_FREE_BYTES = 32 * 1024 * 1024;

/** Looks and does not try: a check that writes would change what it checks. */
function checkDisk(root: string): Found {
  const folder = nearestFolder(root);
  if (!statSync(folder).isDirectory())
    return {
      level: "problem",
      message: `${folder} is no folder, so nothing can be recorded`,
      fix: `rm ${shellWord(folder)} && ${INSTALL}`,
    };
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    const message = `${folder} cannot be written to (${reasonOf(error)}), so nothing can be recorded`;
    return { level: "problem", message, fix: `make ${folder} a folder that you may write to` };
  }
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  if (free < LEAST_FREE_BYTES)
    return {
      level: "problem",
      message: `only ${Math.floor(free / 1024)} KiB are free at ${folder}`,
      fix: "make room on that disk",
    };
  return { level: "ok", message: `${folder} can be written to`, fix: null };
}

function nearestFolder(path: string): string {
  for (let at = path; ; at = dirname(at)) if (existsSync(at) || dirname(at) === at) return at;
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}

/** It holds contents of files, also of those that are never committed. */
function checkAccess(root: string): readonly DoctorFinding[] {
  if (!existsSync(root) || (lstatSync(root).mode & 0o077) === 0) return [];
  const message = `${root} holds contents of your files, and others may look into it`;
  return [toFinding("access", { level: "warning", message, fix: `chmod -R go= ${shellWord(root)}` })];
}

/** Older than any work that a lock is held for; see compact.ts and flush-mark.ts, which then take no notice of it. */
const STALE_S = 120;

function checkLocks({ place, location, now }: DoctorPlace): readonly DoctorFinding[] {
  const { lock, root } = recorderFolder(place.gitDir);
  const hooksLock = `${hooksFilePath(location.environment, location.home)}.lock`;
  return [lock, join(root, "flush.lock"), hooksLock].flatMap((path) => {
    const taken = findTime(path);
    if (taken === undefined) return [];
    const age = now - Math.floor(taken / 1000);
    if (age >= 0 && age <= STALE_S) return [];
    const message = `${path} was left over at ${toMinute(now - age)} by a process that was killed`;
    return [toFinding("lock", { level: "warning", message, fix: `rm ${shellWord(path)}` })];
  });
}

/** Of a link itself; undefined where nothing is, or cannot be. */
function findTime(path: string): number | undefined {
  try {
    return lstatSync(path).mtimeMs;
  } catch {
    return undefined;
  }
}

/** What is not of its kind stops recording until the next event puts it aside; what was put aside is for people to look at. */
function checkKinds(folder: ReturnType<typeof recorderFolder>): readonly DoctorFinding[] {
  const misplaced = findMisplaced(folder).map(({ name }): DoctorFinding => {
    const path = join(folder.root, name);
    const message = `${path} is damaged: a folder, a link or something else stands there`;
    return toFinding("kind", { level: "problem", message, fix: `rm -r ${shellWord(path)} && ${INSTALL}` });
  });
  const aside = listAside(folder).map((name): DoctorFinding => {
    const path = join(folder.root, name);
    const message = `${path} was damaged and has been put aside`;
    return toFinding("kind", { level: "warning", message, fix: `rm -r ${shellWord(path)}` });
  });
  return [...misplaced, ...aside];
}

const DAMAGED: ReadonlySet<string> = new Set([
  "states-damaged",
  "journal-damaged",
  "snapshot-lost",
  "recorder-damaged",
]);
const LOST: ReadonlySet<string> = new Set([
  "recording-failed",
  "event-lost",
  "hook-killed",
  "hook-timed-out",
  "snapshot-failed",
  // Events that could not be read, as record() writes them down: an agent's new version may say everything in another way.
  "agent-unknown",
  "payload-too-large",
  "payload-too-deep",
  "payload-malformed",
  "field-missing",
  "field-invalid",
  "too-many-files",
]);
const MOST_GAPS = 20;

/** What was lost or damaged since the last commit; other gaps say what could not be seen, and are no fault of anything. */
async function checkKept({ place }: DoctorPlace): Promise<readonly DoctorFinding[]> {
  const { gaps, open, paths } = await readWorkingState(place);
  const faults = gaps.filter(({ code }) => DAMAGED.has(code) || LOST.has(code));
  const rows = faults.slice(-MOST_GAPS).map((gap) => toFinding("record", toFault(gap)));
  if (faults.length > MOST_GAPS) {
    const message = `${faults.length - MOST_GAPS} more losses or damages, not shown`;
    rows.push(toFinding("record", { level: "problem", message, fix: null }));
  }
  if (rows.length > 0) return rows;
  const message = `nothing was lost; ${paths.size} file(s) watched, ${open.length} call(s) open`;
  return [toFinding("record", { level: "ok", message, fix: null })];
}

/** So many of the latest commits are looked at. */
const RECENT = 20;

/** Commits that were made past Git's hooks: no message can be mended, but whoever reads only messages should know. */
async function checkTrailers({ repository }: DoctorPlace): Promise<readonly DoctorFinding[]> {
  const head = await resolveCommit(repository, "HEAD");
  if (head === undefined) return [];
  const commits: string[] = [];
  for await (const { id } of readCommits(repository, { include: [head], maxCount: RECENT })) commits.push(id);
  const records = await readRecords(repository, commits);
  return [...records.values()].flatMap(({ commit, coverage }) =>
    coverage.gaps
      .filter(({ code }) => code === "trailer-missing")
      .map(({ message }) =>
        toFinding("trailer", {
          level: "warning",
          message: `${commit.slice(0, 12)}: ${message}; the gate goes by its record`,
          fix: null,
        }),
      ),
  );
}

function toFault({ code, message, at }: SeenGap): Found {
  const what = LOST.has(code) ? "lost" : "damaged";
  return {
    level: "problem",
    message: `${what} at ${toMinute(at)}: ${message} (${code})`,
    fix: "git commit: its record names the gap, lines it concerns stay unknown, and recording begins anew",
  };
}
