// SPDX-License-Identifier: Apache-2.0
export * from "./bytes.ts";
export * from "./canonical-json.ts";
export * from "./core-error.ts";
export * from "./digest.ts";
export * from "./identity.ts";
export * from "./object-id.ts";
export * from "./raw-text.ts";
export * from "./ref-name.ts";
export { parseStrictJson, type StrictJsonLimits } from "./strict-json.ts";
