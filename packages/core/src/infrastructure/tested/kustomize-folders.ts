// SPDX-License-Identifier: Apache-2.0
import type { RepoPath } from "../../ids/index.ts";
import { textsOf } from "../configuration-value.ts";
import { readYaml } from "../text/yaml-value.ts";
import type { Texts } from "./coverage.ts";
import { folderOf, nameOf, resolveFrom } from "./folders.ts";

const NAME = /^(?:kustomization\.ya?ml|Kustomization)$/;

/** Files that a build of each of these folders reads: its kustomization and all that it names, through all of its bases. */
export function* readKustomized(
  starts: readonly string[],
  paths: readonly RepoPath[],
): Generator<readonly RepoPath[], ReadonlyMap<string, ReadonlySet<RepoPath>>, Texts> {
  const files = new Map(
    paths.filter((path) => NAME.test(nameOf(path))).map((path) => [folderOf(path), path]),
  );
  const here = new Set(paths);
  const named = new Map<string, readonly string[]>();
  for (let next = starts; next.length > 0; ) {
    const asked = next.flatMap((folder) => (named.has(folder) ? [] : (files.get(folder) ?? [])));
    const texts: Texts = asked.length === 0 ? new Map() : yield asked;
    for (const path of asked) named.set(folderOf(path), toNamed(folderOf(path), texts.get(path)));
    next = [...new Set(asked.flatMap((path) => named.get(folderOf(path)) ?? []))].filter(
      (each) => files.has(each) && !named.has(each),
    );
  }
  return new Map(starts.map((start) => [start, reach(start)]));

  function reach(start: string): ReadonlySet<RepoPath> {
    const reached = new Set<RepoPath>();
    const seen = new Set<string>();
    for (const waiting = [start]; waiting.length > 0; ) {
      const each = waiting.pop() ?? "";
      if (seen.has(each)) continue;
      seen.add(each);
      const own = files.get(each);
      if (own !== undefined) reached.add(own);
      else if (here.has(each)) reached.add(each);
      waiting.push(...(named.get(each) ?? []));
    }
    return reached;
  }
}

function toNamed(folder: string, text: string | undefined): readonly string[] {
  if (text === undefined) return [];
  const texts = readYaml(text).documents.flatMap(({ value }) => textsOf(value));
  return texts.flatMap((each) =>
    each.length > 500 || each.includes("\n") ? [] : (resolveFrom(folder, each) ?? []),
  );
}
