// SPDX-License-Identifier: Apache-2.0

/** Which convention a project writes; every reader reads all of them. */
export type Emission = "ai-assisted" | "assisted-by" | "generated-by" | "co-authored-by" | "none";
