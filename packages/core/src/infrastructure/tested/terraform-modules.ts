// SPDX-License-Identifier: Apache-2.0
import type { RepoPath } from "../../ids/index.ts";
import { type ConfigurationValue, fieldsOf, literalOf } from "../configuration-value.ts";
import { parseTerraform, parseTerraformJson } from "../kinds/terraform.ts";
import type { DeclaredResource } from "../resource.ts";
import type { Texts } from "./coverage.ts";
import { folderOf, resolveFrom } from "./folders.ts";

/** A module that a folder calls, and the folder that holds it. */
interface ModuleCall {
  readonly name: string;
  readonly folder: string;
}

/** Modules of a repository by their folders; which they call is read as far as somebody asks. */
export interface TerraformModules {
  readonly isModule: (folder: string) => boolean;
  /** Reads whatever `reach` then needs, for all that it is asked of at once: a round for each level of calls. */
  readonly load: (starts: readonly string[]) => Generator<readonly RepoPath[], void, Texts>;
  /** Folders whose configuration a run in this folder plans: its own and all that it calls from here, but for those left out by name. */
  readonly reach: (folder: string, leftOut?: ReadonlySet<string>) => Reached;
}

export interface Reached {
  readonly folders: ReadonlySet<string>;
  /** A file whose calls nobody can tell. */
  readonly unread: RepoPath | undefined;
}

const CONFIGURATION = /\.(?:tf|tofu)(?:\.json)?$/;
const NO_NAMES: ReadonlySet<string> = new Set();

export function openTerraformModules(paths: readonly RepoPath[]): TerraformModules {
  const files = Map.groupBy(
    paths.filter((path) => CONFIGURATION.test(path)),
    folderOf,
  );
  const known = new Map<string, readonly ModuleCall[]>();
  const broken = new Map<string, RepoPath>();

  function* load(starts: readonly string[]): Generator<readonly RepoPath[], void, Texts> {
    for (let next = [...new Set(starts)]; next.length > 0; ) {
      const asked = next.flatMap((folder) => files.get(folder) ?? []);
      const texts: Texts = asked.length === 0 ? new Map() : yield asked;
      for (const folder of next) known.set(folder, readCalls(folder, texts));
      const called = new Set(next.flatMap((folder) => known.get(folder)?.map((call) => call.folder) ?? []));
      next = [...called].filter((folder) => !known.has(folder));
    }
  }

  function readCalls(folder: string, texts: Texts): readonly ModuleCall[] {
    return (files.get(folder) ?? []).flatMap((path) => {
      const { calls, isWhole } = toCalls(path, texts.get(path));
      if (!isWhole) broken.set(folder, path);
      return calls;
    });
  }

  function reach(start: string, leftOut: ReadonlySet<string> = NO_NAMES): Reached {
    const folders = new Set([start]);
    let unread: RepoPath | undefined;
    // A set is walked through to what is added on the way.
    for (const folder of folders) {
      unread ??= broken.get(folder);
      const names = folder === start ? leftOut : NO_NAMES;
      for (const call of known.get(folder) ?? []) if (!names.has(call.name)) folders.add(call.folder);
    }
    return { folders, unread };
  }

  return { isModule: (folder) => files.has(folder), load, reach };
}

function toCalls(
  path: RepoPath,
  text: string | undefined,
): { readonly calls: readonly ModuleCall[]; readonly isWhole: boolean } {
  if (text === undefined) return { calls: [], isWhole: false };
  if (!text.includes("module")) return { calls: [], isWhole: true };
  const { resources, problems } = path.endsWith(".json") ? parseTerraformJson(text) : parseTerraform(text);
  const calls = resources.filter(({ type, body }) => type === "module" && !isNever(body));
  return {
    calls: calls.flatMap((call) => toCall(folderOf(path), call)),
    isWhole: problems.length === 0,
  };
}

/** Terraform takes for a folder beside what starts like this; everything else comes from a registry or the network. */
export function isLocalSource(source: string): boolean {
  return /^\.\.?(?:\/|$)/.test(source);
}

function toCall(folder: string, { name, body }: DeclaredResource): readonly ModuleCall[] {
  const source = literalOf(body, "source") ?? "";
  const target = isLocalSource(source) ? resolveFrom(folder, source) : undefined;
  return target === undefined ? [] : [{ name, folder: target }];
}

/** A module that is called no time is not planned. */
function isNever(body: ConfigurationValue): boolean {
  const [every] = fieldsOf(body, "for_each");
  const isEmpty = every?.text === "{}" && every.fields.length === 0;
  return literalOf(body, "count") === "0" || isEmpty;
}
