// SPDX-License-Identifier: Apache-2.0
import { formatPublicKey, parsePublicKey, type SshPublicKey } from "../attestation/ssh-public-key.ts";
import type { MachineSigner } from "../attestation/verify-machine-envelope.ts";
import type { Machine, Policy } from "./policy.ts";

/** Every key by which the policy knows a machine. */
export function listMachineKeys(policy: Policy): readonly SshPublicKey[] {
  return [...policy.machines.values()].flatMap(({ keys }) => keys.map((key) => parsePublicKey(key)));
}

/** The machine that signed. Identities are compared whole: a pattern would soon match somebody else's workflow. */
export function findMachine(policy: Policy, signer: MachineSigner): Machine | undefined {
  return [...policy.machines.values()].find(({ keys, identities }) => {
    if (signer.kind === "ed25519") return keys.includes(formatPublicKey(signer.publicKey));
    return identities.some(({ issuer, subject }) => issuer === signer.issuer && subject === signer.subject);
  });
}
