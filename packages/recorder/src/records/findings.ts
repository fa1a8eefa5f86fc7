// SPDX-License-Identifier: Apache-2.0
import type { AssistanceRecord, ForeignRecord } from "@countersign/core/attribution";
import type { ObjectId } from "@countersign/core/ids";
import type { Warning } from "@countersign/core/trailers";
import type { CommitRecord } from "@countersign/git";

/** What has to be known of a commit to look its records up and to hold them against it. */
export type CommitIdentity = Pick<CommitRecord, "id" | "tree" | "parents" | "message">;

/** Records by commit, and what was found wrong with others. */
export interface Findings {
  readonly records: ReadonlyMap<ObjectId, readonly AssistanceRecord[]>;
  readonly warnings: ReadonlyMap<ObjectId, readonly Warning[]>;
}

/** The same for other trackers' records, before they are held against the commit. */
export interface ForeignFindings {
  readonly records: ReadonlyMap<ObjectId, readonly ForeignRecord[]>;
  readonly warnings: ReadonlyMap<ObjectId, readonly Warning[]>;
}
