// SPDX-License-Identifier: Apache-2.0
export { type ConsistencyClaim, verifyConsistency } from "./consistency.ts";
export { type InclusionClaim, verifyInclusion } from "./inclusion.ts";
export { EMPTY_ROOT, HASH_BYTES, hashChildren, hashLeaf, type TreeHash } from "./merkle.ts";
