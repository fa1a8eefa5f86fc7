// SPDX-License-Identifier: Apache-2.0
import type { MachineTrust } from "@countersign/core/attestation";
import type { ObjectId } from "@countersign/core/ids";
import type { Policy } from "@countersign/core/policy";
import { type Repository, readFileAt } from "@countersign/git";

/** Beside the policy, and changed like it: by whoever may change the policy, after review. */
const TRUSTED_ROOT_PATH = ".countersign/trusted-root.json";

/** The root's bytes; undefined where the policy names no identity or there is no root, and then no certificate is believed. */
export async function readRootBytes(
  repository: Repository,
  commit: ObjectId,
  policy: Policy,
): Promise<Uint8Array | undefined> {
  if (![...policy.machines.values()].some(({ identities }) => identities.length > 0)) return undefined;
  return await readFileAt(repository, commit, TRUSTED_ROOT_PATH);
}

/** What Sigstore bundles are checked by, from the commit that holds the policy. Throws CoreError KEY_MALFORMED for a file that is no root. */
export async function readTrustedRoot(
  repository: Repository,
  commit: ObjectId,
  policy: Policy,
): Promise<Pick<MachineTrust, "verifyBundle">> {
  const bytes = await readRootBytes(repository, commit, policy);
  if (bytes === undefined) return {};
  // Loaded only where a policy asks for it: the library takes longer to start than everything else here.
  const { createBundleVerifier } = await import("@countersign/signing/sigstore");
  return { verifyBundle: createBundleVerifier(bytes) };
}
