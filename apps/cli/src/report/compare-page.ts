// SPDX-License-Identifier: Apache-2.0
import { CHECK_SCRIPT } from "@countersign/audit";
import type { AuditBundle, BundleVerification } from "@countersign/core/audit";
import { formatAuditHtml } from "@countersign/core/render";
import { VERSION } from "../version.ts";

/** A page and the text of the bundle in it, as it stands there. */
export interface BundlePage {
  readonly text: string;
  readonly bundle: string;
}

type Verdict = Pick<BundleVerification, "faults" | "unproved">;

const MADE_BY = /<meta name="generator" content="countersign ([^"]*)">/;

/** People read the page and not the report inside it: it has to be the page that this report makes, byte for byte. */
export function comparePage({ text, bundle }: BundlePage, { report }: AuditBundle): Verdict {
  const proofs = { bundle, script: CHECK_SCRIPT, version: VERSION };
  let at = 0;
  for (const piece of formatAuditHtml(report, { proofs })) {
    if (!text.startsWith(piece, at)) return toDifference(text);
    at += piece.length;
  }
  return at === text.length ? { faults: [], unproved: [] } : toDifference(text);
}

/** Another version may draw the same report in another way, and then only the report itself can be checked. */
function toDifference(text: string): Verdict {
  const version = MADE_BY.exec(text)?.[1];
  if (version === VERSION) {
    const message = "it is not the page that the report inside it makes: what it shows was changed";
    return { faults: [{ part: "page", code: "PAGE_CHANGED", message }], unproved: [] };
  }
  const message = `that the page shows what the report inside it says: it was made by version ${version ?? "(none)"}, this is ${VERSION}; make a page anew, or read the report from the bundle`;
  return { faults: [], unproved: [{ part: "page", message }] };
}
