// SPDX-License-Identifier: Apache-2.0
export * from "./assistance-amendment-v0.1.ts";
export * from "./change-record.ts";
export * from "./code-review-v0.1.ts";
export * from "./envelope.ts";
export * from "./instant.ts";
export * from "./machine-envelope.ts";
export * from "./machine-key.ts";
export * from "./parse-statement.ts";
export { isPrincipalId } from "./predicate-fields.ts";
export * from "./signed-data.ts";
export * from "./ssh-public-key.ts";
export * from "./sshsig.ts";
export * from "./sshsig-signature.ts";
export * from "./statement.ts";
export * from "./verify-envelope.ts";
export * from "./verify-machine-envelope.ts";
