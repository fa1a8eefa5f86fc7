// SPDX-License-Identifier: Apache-2.0
import { hash } from "node:crypto";
import type { HashBytes } from "@countersign/core/attribution";

/** The platform's SHA-256, some twenty times as fast on a line as core's own. */
export const hashBytes: HashBytes = (bytes) => hash("sha256", bytes, "buffer");
