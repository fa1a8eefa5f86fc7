// SPDX-License-Identifier: Apache-2.0
import picomatch from "picomatch";
import type { RefName } from "../ids/index.ts";
import type { Policy } from "./policy.ts";

/**
 * Whether the push doors gate a ref. Ref names are compared by their exact bytes, as Git does; a policy without
 * `targets` gates the repository's default branch.
 */
export function isTargetRef(
  policy: Pick<Policy, "targets">,
  ref: RefName,
  defaultBranch: RefName | undefined,
): boolean {
  if (policy.targets.length === 0) return ref === defaultBranch;
  return policy.targets.some(
    (pattern) =>
      pattern === ref || picomatch.isMatch(ref, pattern, { dot: true, nonegate: true, noextglob: true }),
  );
}
