// SPDX-License-Identifier: Apache-2.0
import type { ObjectId } from "@countersign/core/ids";
import type { FactsProblem } from "@countersign/core/policy";

/** A version that was pushed and is not here had authors whom nobody can name (T11). */
export function toLostVersion(id: ObjectId): FactsProblem {
  const message =
    `an earlier version of this change, ${id.slice(0, 12)}, was pushed and its commits are not here, so its authors are not known; ` +
    "fetch them: git fetch origin 'refs/countersign/versions/*:refs/countersign/versions/*'";
  return { code: "version-lost", message, objects: [id] };
}
