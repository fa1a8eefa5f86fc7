// SPDX-License-Identifier: Apache-2.0
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import type { AgentEvent, TouchedFile } from "@countersign/core/attribution";
import { readCoreSettings } from "./core-settings.ts";
import { findWorkTree, type PlacedFile, placeFile, type WorkTreePlace } from "./find-work-tree.ts";

/** A work tree that an event touches, with the files that the event names in it. */
export interface TouchedPlace {
  readonly place: WorkTreePlace;
  readonly files: readonly { readonly placed: PlacedFile; readonly touched: TouchedFile }[];
}

/** A shell touches the work tree that it stands in, and those that its command names. */
export function groupByWorkTree(event: AgentEvent): TouchedPlace[] {
  const groups = new Map<
    string,
    { place: WorkTreePlace; files: { placed: PlacedFile; touched: TouchedFile }[] }
  >();
  const groupOf = (place: WorkTreePlace) => {
    const group = groups.get(place.gitDir) ?? { place, files: [] };
    groups.set(place.gitDir, group);
    return group;
  };
  for (const touched of event.files) {
    const placed = placeFile(event.cwd, touched.path);
    if (placed !== undefined)
      groupOf(placed.place).files.push({ placed, touched: place(event, touched, placed) });
  }
  if (event.action === "shell" || event.phase === "session") {
    for (const folder of [event.cwd, ...event.folders]) {
      const found = findWorkTree(resolve(event.cwd, folder));
      if (found !== undefined) groupOf(found);
    }
  }
  return [...groups.values()];
}

/** A move out of another repository is a new file here. */
function place({ cwd }: AgentEvent, touched: TouchedFile, to: PlacedFile): TouchedFile {
  const { movedFrom, ...rest } = touched;
  const from = movedFrom === undefined ? undefined : placeFile(cwd, movedFrom);
  return from?.place.gitDir === to.place.gitDir ? { ...rest, movedFrom: from.path } : rest;
}

/** Work trees inside one that are looked at with it; more cost more time than a command may. */
const MOST_INNER = 8;

/** Checked-out submodules and nested repositories: the outer repository's status says nothing of their files. */
export function toInnerPlaces(outer: WorkTreePlace, nested: readonly string[]): readonly WorkTreePlace[] {
  const folders = [...nested, ...submoduleFolders(outer)].map((folder) => resolve(outer.workTree, folder));
  const places = folders.flatMap((folder) => findWorkTree(folder) ?? []);
  return places.filter(({ gitDir }) => gitDir !== outer.gitDir).slice(0, MOST_INNER);
}

/** Each Git directory in `modules` names its work tree; names with slashes make folders of folders. */
function submoduleFolders({ gitDir }: WorkTreePlace): readonly string[] {
  return listModules(join(gitDir, "modules"), 0).flatMap((module) => {
    const workTree = readCoreSettings(module).workTree;
    return workTree === undefined ? [] : [resolve(module, workTree)];
  });
}

const DEEPEST = 4;

function listModules(folder: string, depth: number): readonly string[] {
  const entries = listFolders(folder);
  if (depth > 0 && entries.includes("objects") && entries.includes("refs")) return [folder];
  return depth > DEEPEST ? [] : entries.flatMap((name) => listModules(join(folder, name), depth + 1));
}

function listFolders(path: string): readonly string[] {
  try {
    return readdirSync(path, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? [entry.name] : [],
    );
  } catch {
    return [];
  }
}
