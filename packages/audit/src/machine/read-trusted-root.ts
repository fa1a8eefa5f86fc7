// SPDX-License-Identifier: Apache-2.0
import type { MachineTrust } from "@countersign/core/attestation";
import type { ObjectId } from "@countersign/core/ids";
import type { Policy } from "@countersign/core/policy";
import { type Repository, readFileAt } from "@countersign/git";

/** Beside the policy, and changed like it: by whoever may change the policy, after review. */
const TRUSTED_ROOT_PATH = ".countersign/trusted-root.json";

/**
 * What Sigstore bundles are checked by, from the commit that holds the policy; nothing where the policy names no identity or there
 * is no root, and then no bundle is believed. Throws CoreError KEY_MALFORMED for a file that is no root.
 */
export async function readTrustedRoot(
  repository: Repository,
  commit: ObjectId,
  policy: Policy,
): Promise<Pick<MachineTrust, "verifyBundle">> {
  if (![...policy.machines.values()].some(({ identities }) => identities.length > 0)) return {};
  const bytes = await readFileAt(repository, commit, TRUSTED_ROOT_PATH);
  if (bytes === undefined) return {};
  // Loaded only where a policy asks for it: the library takes longer to start than everything else here.
  const { createBundleVerifier } = await import("@countersign/signing/sigstore");
  return { verifyBundle: createBundleVerifier(bytes) };
}
