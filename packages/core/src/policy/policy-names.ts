// SPDX-License-Identifier: Apache-2.0

/** Where the policy lives, on the tip of the target branch. */
export const POLICY_PATH = ".countersign/policy.yml";

export const PROFILE_NAMES = ["amazon", "kernel", "fedora", "apache", "disclose", "ban", "none"] as const;
export type ProfileName = (typeof PROFILE_NAMES)[number];

export const EMISSIONS = ["ai-assisted", "assisted-by", "generated-by", "co-authored-by", "none"] as const;

export const COMMIT_STATES = ["recorded", "declared", "signalled", "cleared", "unknown"] as const;

/**
 * Classes that every policy has: its own folder, the files that change how Git shows others, and other repositories'
 * commits, whose content and provenance are not here (T28, T42, T44).
 */
export const BUILT_IN_CLASSES = ["policy", "attributes", "submodule"] as const;

/** Largest change that is judged; more is `too-large`, never a guess (T45). */
export const DEFAULT_LIMITS = { commits: 10_000, files: 100_000, bytes: 2 ** 30 } as const;
