// SPDX-License-Identifier: Apache-2.0
import { CoreError, type Json, parseStrictJson, type RawText } from "../../ids/index.ts";
import { type PlanHeader, parsePlanHeader } from "./plan-header.ts";

/** A module of the configuration that a plan was made from, as the plan keeps it. */
export interface PlanModule {
  /** Names of the calls that lead to it, joined by full stops; empty for the root. */
  readonly key: string;
  /** From the folder of the root module, where it was planned. */
  readonly dir: string;
  /** As its call names it, and the version that was installed; empty where it has none. */
  readonly source: string;
  readonly version: string;
  /** Its configuration files by name. */
  readonly files: ReadonlyMap<RawText, Uint8Array>;
}

/** What `terraform plan -out` wrote, but for states and changes. */
export interface SavedPlan {
  readonly header: PlanHeader;
  readonly modules: ReadonlyMap<string, PlanModule>;
  /** The dependency lock file. */
  readonly lock: Uint8Array | undefined;
  /** Files in it of which nobody here knows what they are. */
  readonly strange: readonly RawText[];
}

const PLAN = "tfplan";
/** The dependency lock file, beside a root module and in its plans. */
export const LOCK_FILE = ".terraform.lock.hcl";
const MODULES = "tfconfig/modules.json";
const MODULE_FILES = "tfconfig/m-";
const STATES: ReadonlySet<string> = new Set(["tfstate", "tfstate-prev"]);

/** Whether a file of the archive has to be unpacked for {@link parseSavedPlan}. */
export function isReadOfPlan(name: RawText): boolean {
  return name === PLAN || name === LOCK_FILE || name === MODULES || name.startsWith(MODULE_FILES);
}

/** `files`: what {@link isReadOfPlan} asks for, unpacked; `names`: of all files of the archive. Throws PLAN_MALFORMED. */
export function parseSavedPlan(
  files: ReadonlyMap<RawText, Uint8Array>,
  names: readonly RawText[],
): SavedPlan {
  const [plan, manifest] = [files.get(PLAN), files.get(MODULES)];
  if (plan === undefined || manifest === undefined)
    throw malformed(`it holds no ${plan === undefined ? PLAN : MODULES}`);
  return {
    header: parsePlanHeader(plan),
    modules: toModules(manifest, files),
    lock: files.get(LOCK_FILE),
    strange: names.filter((name) => !isReadOfPlan(name) && !STATES.has(name)),
  };
}

const LIMITS = { bytes: 16 * 1024 * 1024, depth: 4, code: "PLAN_MALFORMED" } as const;

function toModules(
  manifest: Uint8Array,
  files: ReadonlyMap<RawText, Uint8Array>,
): ReadonlyMap<string, PlanModule> {
  const records = parseStrictJson(manifest, LIMITS);
  if (!Array.isArray(records)) throw malformed(`${MODULES} is no list`);
  const modules = new Map<string, PlanModule & { readonly files: Map<RawText, Uint8Array> }>();
  for (const record of records.map(toModule)) {
    if (modules.has(record.key)) throw malformed(`the module ${JSON.stringify(record.key)} is listed twice`);
    modules.set(record.key, { ...record, files: new Map() });
  }
  for (const [name, bytes] of files) {
    if (!name.startsWith(MODULE_FILES)) continue;
    const slash = name.lastIndexOf("/");
    const module = modules.get(name.slice(MODULE_FILES.length, slash));
    if (slash < MODULE_FILES.length || module === undefined)
      throw malformed(`${JSON.stringify(name)} is of no module that it lists`);
    module.files.set(name.slice(slash + 1), bytes);
  }
  if (!modules.has("")) throw malformed("it lists no root module");
  return modules;
}

const MEMBERS: ReadonlySet<string> = new Set(["Key", "Source", "Version", "Dir"]);

/** Go takes members in any case, and the last of several: only one spelling is let through. */
function toModule(record: Json): Omit<PlanModule, "files"> {
  const isRecord = typeof record === "object" && record !== null && !Array.isArray(record);
  const members = isRecord ? Object.entries(record) : [];
  const isKnown = members.every(([name, value]) => MEMBERS.has(name) && typeof value === "string");
  const { Key: key, Dir: dir, Source: source = "", Version: version = "" } = Object.fromEntries(members);
  if (!isKnown || key === undefined || dir === undefined)
    throw malformed(`${MODULES} lists something that is no module`);
  return { key: String(key), dir: String(dir), source: String(source), version: String(version) };
}

function malformed(problem: string): CoreError {
  return new CoreError("PLAN_MALFORMED", `no saved plan: ${problem}`);
}
