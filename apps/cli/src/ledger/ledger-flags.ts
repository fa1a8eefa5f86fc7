// SPDX-License-Identifier: Apache-2.0
import { COMMON_FLAGS, type CommonFlags, parseText } from "../common-flags.ts";

/** Flags of every command about a ledger. */
export type LedgerFlags = CommonFlags & { readonly dir?: string };

/** Flags that say whom a reader believes. */
export type TrustFlags = {
  readonly logKey?: string;
  readonly witness?: readonly string[];
  readonly quorum?: number;
};

export const LEDGER_FLAGS = {
  ...COMMON_FLAGS,
  dir: {
    kind: "parsed",
    parse: parseText,
    placeholder: "DIR",
    brief:
      "Folder of the ledger, or ref:NAME of its mirror (default: inside the Git directory, else the mirror)",
    optional: true,
  },
} as const;

export const TRUST_FLAGS = {
  logKey: {
    kind: "parsed",
    parse: parseText,
    placeholder: "KEY",
    brief: "Verifier key of the log, or a file with it (default: the one that the ledger's folder states)",
    optional: true,
  },
  witness: {
    kind: "parsed",
    parse: parseText,
    placeholder: "KEY",
    brief: "Verifier key of a witness, or a file with it; may be repeated",
    variadic: true,
    optional: true,
  },
} as const;
