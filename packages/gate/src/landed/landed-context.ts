// SPDX-License-Identifier: Apache-2.0
import type { ObjectId } from "@countersign/core/ids";
import type { OpenOverride } from "@countersign/core/policy";
import type { Repository } from "@countersign/git";
import type { RecordSources } from "@countersign/recorder";
import type { PushHistory } from "../gather-versions.ts";
import type { Inclusions } from "../ledger/read-inclusions.ts";
import type { Statements } from "../read-statements.ts";
import type { CommitGraph } from "./commit-graph.ts";
import type { Spans } from "./divide-line.ts";
import type { ContentSources } from "./find-sources.ts";
import type { ReviewIndex } from "./index-reviews.ts";
import type { LandedRequest } from "./landed-change.ts";
import type { LandedLine } from "./landed-line.ts";
import type { PolicyInForce } from "./read-line-policies.ts";

/** What is read once for all that landed. */
export interface LandedContext {
  readonly request: LandedRequest;
  readonly repository: Repository;
  /** Everything between base and head. */
  readonly graph: CommitGraph;
  readonly line: LandedLine;
  /** In force before each link of the line, in its order. */
  readonly policies: readonly PolicyInForce[];
  readonly inclusions: Inclusions;
  readonly statements: Statements;
  readonly index: ReviewIndex;
  readonly pushes: PushHistory;
  /** When a server recorded that the target became this; null where none did. */
  readonly pushedAt: (head: ObjectId) => number | null;
  readonly recordSources: RecordSources;
  /** Commits that statements name and that are here, with their trees. */
  readonly available: ReadonlyMap<ObjectId, ObjectId>;
  readonly sources: ContentSources;
  readonly besideOf: (head: ObjectId) => ReadonlySet<ObjectId>;
  readonly spans: Spans;
  readonly openOverrides: readonly OpenOverride[];
  /** Those that had landed before the range, by their change. */
  readonly overridesBefore: ReadonlySet<string>;
  readonly landedAs: Map<string, ObjectId>;
}
