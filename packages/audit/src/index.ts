// SPDX-License-Identifier: Apache-2.0
export * from "./collect-unlogged.ts";
export type { Ledger, LoggedEntry } from "./ledger.ts";
