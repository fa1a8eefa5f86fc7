// SPDX-License-Identifier: Apache-2.0
export {
  type Checkpoint,
  formatCheckpoint,
  parseCheckpoint,
  parseHashLine,
  parseTreeSize,
} from "./checkpoint.ts";
export { type ConsistencyClaim, verifyConsistency } from "./consistency.ts";
export { formatCosignature, toCosignedMessage } from "./cosignature.ts";
export { type InclusionClaim, verifyInclusion } from "./inclusion.ts";
export { EMPTY_ROOT, HASH_BYTES, hashChildren, hashLeaf, type TreeHash } from "./merkle.ts";
export {
  type AppendPlan,
  EMPTY_EDGE,
  edgeTiles,
  planAppend,
  readEdge,
  rootOfEdge,
  type TreeEdge,
} from "./plan-append.ts";
export {
  formatSignature,
  formatSignedNote,
  type NoteSignature,
  parseSignedNote,
  type SignedNote,
  type VerifiedSignature,
  type VerifyEd25519,
  verifySignedNote,
} from "./signed-note.ts";
export { formatEntryBundle, formatTile, MAX_ENTRY_BYTES, parseEntryBundle, parseTile } from "./tile.ts";
export { formatTilePath, partialFolder, TILE_WIDTH, type TileId, widthOfTile } from "./tile-path.ts";
export { formatTlogProof, parseTlogProof, type TlogProof } from "./tlog-proof.ts";
export {
  type EntryRange,
  foldHashes,
  hashOfNode,
  hashWhole,
  nodesOfRange,
  planConsistency,
  planInclusion,
  type TreeNode,
  tileOfNode,
} from "./tree-ranges.ts";
export {
  formatVerifierKey,
  isKeyName,
  type NoteKeyType,
  parseVerifierKey,
  toVerifierKey,
  type VerifierKey,
} from "./verifier-key.ts";
export { type LogTrust, type VerifiedCheckpoint, verifyCheckpoint } from "./verify-checkpoint.ts";
