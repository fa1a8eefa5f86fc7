// SPDX-License-Identifier: Apache-2.0
import type { ObjectId } from "../ids/index.ts";
import type { Assistance, Extent, Warning } from "./assistance.ts";
import type { TrailerIdentity } from "./identity-value.ts";
import type { LineRole, MessageLine } from "./message-lines.ts";
import { toModelName } from "./model-name.ts";

/** A claim stands as declared, or is a weak sign only. */
export type Grade = "declared" | "none";

/** What one line names. */
export interface Draft {
  readonly tool: string;
  readonly vendor: string | null;
  readonly modelRaw: string | null;
}

/** A line and where it stands. */
export interface Place {
  readonly line: MessageLine;
  readonly role: LineRole;
  /** Git's own trailer parser sees the line too. */
  readonly isSeen: boolean;
  /** The message joins several commits, so that one line speaks for a part of it. */
  readonly isSquash: () => boolean;
  /** Continuation lines, if any. */
  readonly next: readonly string[];
}

/** Collects while the lines of one message are read; lives no longer than that call. */
export interface Reading {
  readonly assistance: Assistance[];
  readonly warnings: Warning[];
  claimsNone: number | null;
  readonly coAuthors: TrailerIdentity[];
  readonly signedOffBy: TrailerIdentity[];
  readonly reverts: string[];
  readonly cherryPickedFrom: ObjectId[];
  /** Co-authors whose name a tool and a person may bear: AI if the same message shows that tool otherwise. */
  readonly undecided: (Draft & { line: number; convention: string })[];
  /** Lines with attribution that Git's own trailer parser does not see. */
  readonly unseen: number[];
  ownClaims: Set<string> | undefined;
}

const WARNING_LIMIT = 100;

export function startReading(): Reading {
  return {
    assistance: [],
    warnings: [],
    claimsNone: null,
    coAuthors: [],
    signedOffBy: [],
    reverts: [],
    cherryPickedFrom: [],
    undecided: [],
    unseen: [],
    ownClaims: undefined,
  };
}

export interface Sign {
  readonly convention: string;
  readonly evidence: Grade;
  readonly line: number | null;
  readonly extent?: Extent | null;
}

export function toAssistance({ tool, vendor, modelRaw }: Draft, sign: Sign): Assistance {
  const model = modelRaw === null ? null : toModelName(modelRaw);
  const { convention, evidence, line, extent = null } = sign;
  return { tool, vendor, model, modelRaw, extent, convention, evidence, line };
}

export function warn(reading: Reading, code: string, line: number, what: string): void {
  if (reading.warnings.length < WARNING_LIMIT)
    reading.warnings.push({ code, message: `Line ${line}: ${what}.` });
}
