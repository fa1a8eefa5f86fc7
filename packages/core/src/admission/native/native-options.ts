// SPDX-License-Identifier: Apache-2.0

/** What an API server is to ask of an object by itself. */
export interface NativeOptions {
  /** Of the policy and its binding in the cluster. */
  readonly name: string;
  /** Where images may come from, such as `registry.example/acme`; empty for everywhere. */
  readonly registries: readonly string[];
  /** Images of others, of which nothing is asked. */
  readonly foreign: readonly string[];
  /** Annotation that a pod must carry, such as one that a deployment step sets; null for none. */
  readonly annotation: string | null;
  /** ConfigMap in the gate's own namespace whose keys are the digests that may run; null for none. */
  readonly approved: string | null;
  readonly ownNamespace: string;
  /** Other namespaces that nothing is asked of. */
  readonly excluded: readonly string[];
}

const LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
const NAMESPACE = new RegExp(`^${LABEL}$`);
const OBJECT_NAME = new RegExp(`^${LABEL}(?:\\.${LABEL}){0,3}$`);
const IMAGE_PREFIX = /^[A-Za-z0-9](?:[A-Za-z0-9._:/-]{0,254})$/;
const ANNOTATION =
  /^(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;

/** A line for each option that no API server would take, or that would mean something else than it seems. */
export function findOptionProblems(options: NativeOptions): readonly string[] {
  const { name, registries, foreign, annotation, approved, ownNamespace, excluded } = options;
  const check = (what: string, values: readonly string[], pattern: RegExp, expected: string) =>
    values
      .filter((value) => !pattern.test(value))
      .map((value) => `${what} ${JSON.stringify(value.slice(0, 100))}: expected ${expected}`);
  return [
    ...check("--name", [name], OBJECT_NAME, "an object's name, such as countersign"),
    ...check("--registry", registries, IMAGE_PREFIX, "a prefix of images, such as registry.example/acme"),
    ...check("--foreign", foreign, IMAGE_PREFIX, "a prefix of images, such as registry.example/mesh"),
    ...check("--annotation", annotation === null ? [] : [annotation], ANNOTATION, "an annotation's key"),
    ...check("--approved", approved === null ? [] : [approved], OBJECT_NAME, "a ConfigMap's name"),
    ...check("--own-namespace", [ownNamespace], NAMESPACE, "a namespace's name"),
    ...check("--exclude", excluded, NAMESPACE, "a namespace's name"),
  ];
}
