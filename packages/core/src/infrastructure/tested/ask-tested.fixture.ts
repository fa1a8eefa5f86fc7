// SPDX-License-Identifier: Apache-2.0
import type { InfrastructureKind } from "../resource.ts";
import { findTested } from "./find-tested.ts";
import type { Tested } from "./tested.ts";

/** What is said of one resource at a path in a tree of these texts; null is a file that cannot be read. */
export function askTested(
  path: string,
  kind: InfrastructureKind,
  files: Readonly<Record<string, string | null>>,
  links: readonly string[] = [],
): Tested {
  const paths = [...new Set([path, ...Object.keys(files), ...links])];
  const finding = findTested([{ path, kind }], { paths, links: new Set(links) });
  for (let step = finding.next(); ; ) {
    if (step.done === true) return step.value[0] as Tested;
    step = finding.next(new Map(step.value.map((each) => [each, files[each] ?? undefined])));
  }
}
