// SPDX-License-Identifier: Apache-2.0
import { accessSync, constants, existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { type DoctorFinding, shellWord } from "@countersign/core/render";
import { hooksDirectory, type Repository, readSetting } from "@countersign/git";
import { isRecording } from "@countersign/recorder";
import { BEFORE, CLIENT_HOOKS, formatHookScript } from "../hooks/hook-script.ts";
import { findHooksPlace, type HooksPlace } from "../hooks/own-hooks-folder.ts";
import { checkDisplaced, findAside } from "./check-displaced.ts";
import { type DoctorPlace, INSTALL } from "./doctor-place.ts";
import { readHook } from "./read-hook.ts";

type Found = Pick<DoctorFinding, "level" | "message" | "fix">;

/** Git's hooks, in the folder where Git really looks for them. */
export async function checkGitHooks(here: DoctorPlace): Promise<readonly DoctorFinding[]> {
  const folder = await hooksDirectory(here.repository);
  const place = await findHooksPlace(here.repository);
  const states = CLIENT_HOOKS.map((name) => [name, readHook(join(folder, name))] as const);
  const isAside = CLIENT_HOOKS.some((name) => findAside(join(folder, name)) !== undefined);
  if (!isAside && states.every(([, { state }]) => state !== "ours" && state !== "edited"))
    return [toFinding("Git hooks", await explainAbsence(here.repository, folder))];
  const rows = states.map(([name]) => toFinding(name, checkHook(name, folder, { place, here })));
  return [...rows, ...checkPassedTo(here.repository, place), ...(await checkTrailer(here.repository))];
}

function toFinding(name: string, found: Found): DoctorFinding {
  return { check: "hook", name, ...found };
}

/** Not installed at all, or installed where Git does not look any more. */
async function explainAbsence({ commonDir }: Repository, folder: string): Promise<Found> {
  const others = [join(commonDir, "hooks"), join(commonDir, "countersign", "hooks")];
  const elsewhere = others.find(
    (other) => other !== folder && CLIENT_HOOKS.some((name) => readHook(join(other, name)).state === "ours"),
  );
  const message =
    elsewhere === undefined
      ? `none of ours is installed in ${folder}, where Git looks for hooks`
      : `ours lie in ${elsewhere}, but Git looks for hooks in ${folder} (core.hooksPath)`;
  return { level: "problem", message, fix: INSTALL };
}

interface HookQuestion {
  readonly place: HooksPlace;
  readonly here: DoctorPlace;
}

function checkHook(name: (typeof CLIENT_HOOKS)[number], folder: string, question: HookQuestion): Found {
  const path = join(folder, name);
  const { state, text } = readHook(path);
  if (state === "none") return { level: "problem", message: `${path} is missing`, fix: INSTALL };
  if (state === "no-file")
    return {
      level: "problem",
      message: `${path} is no file, so Git passes over it`,
      fix: `rm -r ${shellWord(path)} && ${INSTALL}`,
    };
  if (state === "foreign") return checkDisplaced(path, text, isRecording(question.here.place));
  if (state === "edited")
    return {
      level: "problem",
      message: `${path} was changed after countersign wrote it; what you added belongs into ${path}${BEFORE}, which runs first`,
      fix: `move your lines to ${path}${BEFORE}, then: rm ${shellWord(path)} && ${INSTALL}`,
    };
  if (!isExecutable(path))
    return {
      level: "problem",
      message: `${path} is not executable, so Git passes over it`,
      fix: `chmod +x ${shellWord(path)}`,
    };
  return checkPrograms(path, text) ?? checkChained(name, path, { text, ...question });
}

/** `name='value'` as the hook's shell reads it. */
function readVariable(text: string, name: string): string | undefined {
  const quoted = new RegExp(`^${name}='((?:[^']|'\\\\'')*)'$`, "m").exec(text)?.[1];
  return quoted?.replaceAll("'\\''", "'");
}

function checkPrograms(path: string, text: string): Found | undefined {
  const node = readVariable(text, "node");
  if (node !== undefined && !isExecutable(node))
    return { level: "problem", message: `${path} starts ${node}, which is not there`, fix: INSTALL };
  const program = readVariable(text, "program") ?? readVariable(text, "command");
  if (program !== undefined && !existsSync(program))
    return { level: "problem", message: `${path} starts ${program}, which is not there`, fix: INSTALL };
  return undefined;
}

function checkChained(
  name: (typeof CLIENT_HOOKS)[number],
  path: string,
  { text, place, here }: HookQuestion & { readonly text: string },
): Found {
  const top = here.repository.workTree ?? here.repository.commonDir;
  const chained = place.passesTo === undefined ? path + BEFORE : resolve(top, place.passesTo, name);
  if (text !== formatHookScript(name, here.program, place.passesTo))
    return {
      level: "warning",
      message: `${path} works, but another version or copy of countersign wrote it`,
      fix: INSTALL,
    };
  if (!existsSync(chained)) return { level: "ok", message: path, fix: null };
  if (isExecutable(chained)) return { level: "ok", message: `${path}, after ${chained}`, fix: null };
  return {
    level: "warning",
    message: `${chained} is to run first, but is not executable and is passed over`,
    fix: `chmod +x ${shellWord(chained)}`,
  };
}

function checkPassedTo(
  { workTree, commonDir }: Repository,
  { passesTo }: HooksPlace,
): readonly DoctorFinding[] {
  if (passesTo === undefined) return [];
  const folder = resolve(workTree ?? commonDir, passesTo);
  if (existsSync(folder)) return [];
  const message = `ours run the project's hooks of ${folder} first, and that folder is not there`;
  const fix = "install the project's hooks, for example: npm install";
  return [toFinding("Git hooks", { level: "warning", message, fix })];
}

async function checkTrailer(repository: Repository): Promise<readonly DoctorFinding[]> {
  const value = await readSetting(repository, "countersign.trailer");
  if (!/^(false|no|off|0)$/i.test(value ?? "")) return [];
  const message = "no trailer is written, since countersign.trailer is off; records and notes are";
  return [
    toFinding("trailer", { level: "warning", message, fix: "git config --unset-all countersign.trailer" }),
  ];
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
