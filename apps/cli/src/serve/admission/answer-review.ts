// SPDX-License-Identifier: Apache-2.0
import {
  type AdmissionAnswer,
  type AdmissionRequest,
  answerExempt,
  answerImages,
  findImages,
  formatAdmissionReview,
  type ImageReport,
  type ImagesFound,
  parseAdmissionReview,
  sortImages,
} from "@countersign/core/admission";
import type { DeployedArtifact } from "@countersign/core/attestation";
import type { DeployReport } from "@countersign/core/audit";
import { displayText } from "@countersign/core/render";
import type { LimitWork } from "../limit-work.ts";
import type { Reply } from "../reply.ts";

export interface Admission {
  readonly environment: string;
  readonly ownNamespace: string;
  readonly foreign: readonly string[];
  readonly judge: (artifact: DeployedArtifact) => Promise<DeployReport>;
  readonly limit: LimitWork;
  /** One line for each answer. */
  readonly log: (entry: Readonly<Record<string, unknown>>) => void;
}

/** One review. Whatever goes wrong on the way to a yes is a no with its reason, or no review at all. */
export async function answerReview(admission: Admission, body: Uint8Array): Promise<Reply> {
  const request = readRequest(body);
  if (request === undefined) return { status: 400, body: "no AdmissionReview of admission.k8s.io/v1\n" };
  const answer = await decide(admission, request).catch(toFailure);
  const text = formatAdmissionReview(request.uid, withDryRun(answer, request));
  admission.log({
    uid: request.uid,
    verdict: answer.verdict,
    operation: request.operation,
    kind: request.kind,
    namespace: request.namespace,
    name: request.name,
    username: request.username,
    dryRun: request.dryRun,
    reasons: answer.reasons,
    ...answer.annotations,
  });
  return { status: 200, body: text, type: "application/json" };
}

function readRequest(body: Uint8Array): AdmissionRequest | undefined {
  try {
    return parseAdmissionReview(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}

async function decide(admission: Admission, request: AdmissionRequest): Promise<AdmissionAnswer> {
  const { environment, ownNamespace, foreign } = admission;
  if (request.namespace === ownNamespace) return answerExempt(request.namespace);
  const found = findAsked(request);
  const before = new Set(request.operation === "UPDATE" ? findImages(request.oldObject).images : []);
  const images = found.images.filter((image) => !before.has(image));
  // What runs already, and is only scaled, labelled or ended, starts nothing of its own: pods that come of it are asked about.
  const { judged, foreign: others, problems } = sortImages(images, foreign);
  const own = { environment, foreign: others, problems: [...found.problems, ...problems] };
  if (own.problems.length > 0) return answerImages({ ...own, reports: [] });
  const reports = await admission.limit(() => judgeAll(admission, judged));
  if (reports === undefined) return toFailure("there was no answer in time; ask again");
  return answerImages({ ...own, reports });
}

/** What would be stored has an object; a review without one says nothing of what it is about, and only what stores nothing may. */
function findAsked({ operation, object }: AdmissionRequest): ImagesFound {
  const isStored = operation === "CREATE" || operation === "UPDATE";
  if (!isStored || (typeof object === "object" && object !== null && !Array.isArray(object)))
    return findImages(object);
  return { images: [], problems: [`a review of ${operation} holds no object`] };
}

/** One after the other, up to the first that is not let in: an object of many images is no way to keep the server busy. */
async function judgeAll(
  { judge }: Admission,
  artifacts: readonly DeployedArtifact[],
): Promise<readonly ImageReport[]> {
  const reports: ImageReport[] = [];
  for (const artifact of artifacts) {
    const report = await judge(artifact);
    reports.push({ artifact, report });
    if (report.verdict !== "pass" && report.verdict !== "override") break;
  }
  return reports;
}

function toFailure(cause: unknown): AdmissionAnswer {
  const why = displayText(cause instanceof Error ? cause.message : String(cause), 500);
  return { verdict: "error", reasons: [why], warnings: [], annotations: {} };
}

function withDryRun(answer: AdmissionAnswer, { dryRun }: AdmissionRequest): AdmissionAnswer {
  return dryRun ? { ...answer, annotations: { ...answer.annotations, "dry-run": "true" } } : answer;
}
