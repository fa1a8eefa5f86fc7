// SPDX-License-Identifier: Apache-2.0
import type { Repository } from "@countersign/git";
import { findWorkTree, type WorkTreePlace } from "@countersign/recorder";
import { UsageError } from "../exit-code.ts";

/** Where the recorder of this work tree keeps what it saw. Throws UsageError in a bare repository. */
export function requirePlace({ workTree }: Repository): WorkTreePlace {
  const place = workTree === undefined ? undefined : findWorkTree(workTree);
  if (place !== undefined) return place;
  throw new UsageError("a bare repository records nothing; call this in a clone with a work tree");
}
