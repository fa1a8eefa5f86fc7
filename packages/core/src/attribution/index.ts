// SPDX-License-Identifier: Apache-2.0
export * from "./agent-event.ts";
export * from "./assistance-record.ts";
export * from "./attributed-text.ts";
export * from "./foreign/index.ts";
export * from "./origin.ts";
