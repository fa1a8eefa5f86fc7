// SPDX-License-Identifier: Apache-2.0
export { formatAssistanceRecord } from "./format-record.ts";
export { mergeRecords } from "./merge-records.ts";
export { parseAssistanceRecord } from "./parse-record.ts";
export { comparePaths } from "./record-path.ts";
export { recordedState, toAssistance } from "./to-assistance.ts";
