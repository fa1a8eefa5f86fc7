// SPDX-License-Identifier: Apache-2.0
export { readPublicKey } from "./key-file.ts";
export { type MachineSigningKey, readMachineKey } from "./machine-key-file.ts";
export * from "./sign.ts";
export * from "./sign-machine-statement.ts";
export * from "./signing-error.ts";
export type { Environment } from "./ssh-environment.ts";
export * from "./verify-raw-signature.ts";
