// SPDX-License-Identifier: Apache-2.0
export * from "./log-entry.ts";
export * from "./to-log-entry.ts";
