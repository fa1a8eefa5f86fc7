// SPDX-License-Identifier: Apache-2.0
import { CONTENT_DETECTORS } from "./content-detectors.ts";

export interface ContentAnswer {
  readonly detector: string;
  /** What was seen, such as "a Terraform resource or data block". */
  readonly what: string;
}

/** What the named detectors see in a text; NUL bytes are skipped, so UTF-16 hides nothing (T41). */
export function classifyContent(detectors: readonly string[], text: string): readonly ContentAnswer[] {
  const plain = text.includes("\0") ? text.replaceAll("\0", "") : text;
  return detectors.flatMap((detector) => {
    const what = CONTENT_DETECTORS.get(detector)?.(plain) ?? null;
    return what === null ? [] : [{ detector, what }];
  });
}
