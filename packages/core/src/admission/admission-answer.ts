// SPDX-License-Identifier: Apache-2.0

/** What came of a review; `error` could not be told, and is a refusal like `denied` and `pending`. */
export type AdmissionVerdict =
  | "pass"
  | "override"
  | "pending"
  | "denied"
  | "error"
  /** Nothing that would start an image, or the same images as before. */
  | "nothing-new"
  /** In the gate's own namespace. */
  | "exempt";

export interface AdmissionAnswer {
  readonly verdict: AdmissionVerdict;
  /** Why, for the person at the other end; empty where it is let in. */
  readonly reasons: readonly string[];
  /** Shown to the person though it is let in. */
  readonly warnings: readonly string[];
  /** For the API server's audit log; keys without a prefix. */
  readonly annotations: Readonly<Record<string, string>>;
}

const LET_IN: ReadonlySet<AdmissionVerdict> = new Set(["pass", "override", "nothing-new", "exempt"]);
const MOST_MESSAGE = 2000;
/** API servers cut a warning after 256 characters. */
const MOST_WARNING = 256;
const MOST_WARNINGS = 8;
const MOST_ANNOTATION = 1000;

/** The review that goes back. Anything but a clear yes is `allowed: false`. */
export function formatAdmissionReview(uid: string, answer: AdmissionAnswer): string {
  const { verdict, reasons, warnings, annotations } = answer;
  const allowed = LET_IN.has(verdict);
  const shown = warnings.slice(0, MOST_WARNINGS).map((warning) => cut(warning, MOST_WARNING));
  const response = {
    uid,
    allowed,
    ...(!allowed && { status: toStatus(verdict, reasons) }),
    ...(shown.length > 0 && { warnings: shown }),
    auditAnnotations: Object.fromEntries(
      [["verdict", verdict], ...Object.entries(annotations)].map(([key = "", value = ""]) => [
        key,
        cut(value, MOST_ANNOTATION),
      ]),
    ),
  };
  return JSON.stringify({ apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview", response });
}

/** 403 is a decision; 500 says that there was none, so that whoever sees it knows whom to ask. */
function toStatus(verdict: AdmissionVerdict, reasons: readonly string[]) {
  const isDecision = verdict !== "error";
  return {
    status: "Failure",
    code: isDecision ? 403 : 500,
    reason: isDecision ? "Forbidden" : "InternalError",
    message: cut(`countersign: ${verdict}: ${reasons.join("; ") || "no reason was given"}`, MOST_MESSAGE),
  };
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
