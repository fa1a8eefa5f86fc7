// SPDX-License-Identifier: Apache-2.0
import type { RepoPath } from "../../ids/index.ts";
import { type ConfigurationValue, fieldsOf, objectsIn, textsOf } from "../configuration-value.ts";
import { readYaml } from "../text/yaml-value.ts";
import {
  type Coverage,
  type FindsCoverage,
  limitCandidates,
  openCoverage,
  type TestSubject,
  type TestTree,
} from "./coverage.ts";
import { folderOf, nameOf } from "./folders.ts";

const CONVERGE = /(?:^|\/)molecule\/[^/]+\/(?:converge|playbook)\.ya?ml$/;

/** Scenarios of Molecule: a role is exercised by a scenario whose playbook applies it. */
export function* findMoleculeTests({ paths }: TestTree): FindsCoverage {
  const here = new Set(paths);
  const candidates = paths.filter(
    (path) =>
      CONVERGE.test(path) &&
      ["molecule.yml", "molecule.yaml"].some((name) => here.has(`${folderOf(path)}/${name}`)),
  );
  const { read, open } = limitCandidates(candidates, isAnsible);
  if (read.length === 0) return open;
  const texts = yield read;
  return [...open, ...read.flatMap((path) => toCoverage(path, texts.get(path)))];
}

function isAnsible({ kind }: TestSubject): boolean {
  return kind === "ansible";
}

function toCoverage(path: RepoPath, text: string | undefined): readonly Coverage[] {
  const { documents, problems } = readYaml(text ?? "");
  if (text === undefined || problems.length > 0)
    return [openCoverage(path, "a scenario that cannot be read", isAnsible)];
  const roles = new Set(documents.flatMap(({ value }) => value.items.flatMap(toRoles)));
  const folder = folderOf(folderOf(folderOf(path)));
  if (roles.size === 0) return [];
  const reason = `Molecule applies ${[...roles].slice(0, 5).join(", ")}`;
  return [
    {
      path,
      reason,
      isSure: true,
      covers: (subject) => isAnsible(subject) && isApplied(subject.path, folder, roles),
    },
  ];
}

/** Names of roles that a play applies, as far as they are told. */
function toRoles(play: ConfigurationValue): readonly string[] {
  const listed = fieldsOf(play, "roles").flatMap(({ items }) =>
    items.flatMap((item) =>
      item.literal !== null ? [item.literal] : fieldsOf(item, "role", "name").flatMap(textsOf),
    ),
  );
  const included = objectsIn(play).flatMap((task) =>
    fieldsOf(
      task,
      "include_role",
      "import_role",
      "ansible.builtin.include_role",
      "ansible.builtin.import_role",
    ).flatMap((role) => fieldsOf(role, "name").flatMap(textsOf)),
  );
  return [...listed, ...included];
}

const PART = /^(.*?)(?:^|\/)(?:tasks|handlers|vars|defaults|templates|files|meta)\//;

/** The role by its name or, where the scenario names it by an expression, the role that the scenario lies in. */
function isApplied(path: RepoPath, folder: string, roles: ReadonlySet<string>): boolean {
  const role = PART.exec(path)?.[1];
  if (role === undefined) return false;
  const isOwn = role === folder;
  return [...roles].some((name) => {
    // A collection's role is called `namespace.collection.role`.
    if (nameOf(name.replaceAll(".", "/")) === nameOf(role))
      return isOwn || /(?:^|\/)roles$/.test(folderOf(role));
    return isOwn && (name.includes("{{") || role === "");
  });
}
