// SPDX-License-Identifier: Apache-2.0
import type { BuildContext } from "./build-context.ts";
import { IMPACT_CONTENT } from "./classify/classify-impact.ts";
import { CONTENT_DETECTORS } from "./classify/content-detectors.ts";
import { findGlobProblem } from "./classify/path-glob.ts";
import { didYouMean } from "./did-you-mean.ts";
import type { ClassDefinition } from "./policy.ts";
import { BUILT_IN_CLASSES } from "./policy-names.ts";

const CONTENT_NAMES = [...CONTENT_DETECTORS.keys(), ...IMPACT_CONTENT];

export function buildClasses(context: BuildContext): ReadonlyMap<string, ClassDefinition> {
  const classes = new Map<string, ClassDefinition>();
  for (const [id, file] of Object.entries(context.file.classes ?? {})) {
    const [paths, content] = [file.paths ?? [], file.content ?? []];
    const path = ["classes", id];
    if ((BUILT_IN_CLASSES as readonly string[]).includes(id)) {
      context.fail(
        path,
        `the class "${id}" is built in`,
        "another name",
        `${id}-files`,
        context.source.keyPositionOf(path),
      );
    }
    if (paths.length === 0 && content.length === 0) {
      context.fail(
        path,
        `the class "${id}" has neither paths nor content`,
        "at least one of them",
        '{ paths: ["**/*.tf"] }',
      );
    }
    for (const [i, glob] of paths.entries()) {
      const problem = findGlobProblem(glob);
      if (problem !== undefined)
        context.fail([...path, "paths", i], problem, "a glob of repository paths", '"deploy/**"');
    }
    for (const [i, name] of content.entries()) {
      if (CONTENT_NAMES.includes(name)) continue;
      const message = `no content detector is called "${name.slice(0, 80)}"${didYouMean(name, CONTENT_NAMES)}`;
      context.fail([...path, "content", i], message, `one of ${CONTENT_NAMES.join(", ")}`, "terraform");
    }
    classes.set(id, { id, paths, content });
  }
  return classes;
}
