// SPDX-License-Identifier: Apache-2.0
import { CoreError, formatCanonicalJson, type Json } from "../ids/index.ts";
import {
  GATE_VERDICT_PREDICATE_TYPE,
  type GateVerdictPredicate,
  readGateVerdict,
  toVerdictJson,
  toVerdictSubjects,
} from "./gate-verdict-v0.1.ts";
import { refuse } from "./read-shape.ts";
import { type RawStatement, verifySubjects } from "./statement.ts";

/** in-toto's Simple Verification Result, which says what passed and has no word for what did not. */
export const SVR_PREDICATE_TYPE = "https://in-toto.io/attestation/svr/v0.2";
export const GATE_VERIFIER_ID = "https://countersign.dev/gate/v0.1";

/** Properties of a result: the gate passed; and an AI took part and people signed off as the policy asks. */
export const GATE_PASS = "COUNTERSIGN_GATE_PASS";
export const AI_SIGN_OFF = "ORG_SOURCE_AI_SIGNOFF";

export interface VerdictStatement {
  readonly kind: "verdict";
  readonly predicateType: typeof SVR_PREDICATE_TYPE | typeof GATE_VERDICT_PREDICATE_TYPE;
  readonly predicate: GateVerdictPredicate;
}

/**
 * The statement of a verdict. A pass is a result that any reader of in-toto understands, with ours as an extension inside;
 * everything else is ours alone, so that no reader of results takes a denial for one.
 */
export function toVerdictStatement(verdict: GateVerdictPredicate): RawStatement {
  const subject = toVerdictSubjects(verdict);
  if (verdict.verdict !== "pass")
    return { subject, predicateType: GATE_VERDICT_PREDICATE_TYPE, predicate: toVerdictJson(verdict) };
  return { subject, predicateType: SVR_PREDICATE_TYPE, predicate: toResult(verdict) };
}

/**
 * Reads a verdict in either form. Throws CoreError STATEMENT_MALFORMED, or PREDICATE_UNKNOWN for a result of another
 * verifier, which has nothing of ours in it.
 */
export function parseVerdictStatement(statement: RawStatement): VerdictStatement {
  const isResult = statement.predicateType === SVR_PREDICATE_TYPE;
  const predicate = readGateVerdict(isResult ? readExtension(statement.predicate) : statement.predicate);
  if (isResult !== (predicate.verdict === "pass"))
    throw refuse(
      "gate-verdict",
      `verdict: a ${predicate.verdict} does not belong into ${statement.predicateType}`,
    );
  verifySubjects(statement.subject, toVerdictSubjects(predicate));
  // What a reader of results sees must be what a reader of verdicts sees.
  if (isResult && formatCanonicalJson(statement.predicate) !== formatCanonicalJson(toResult(predicate)))
    throw refuse("gate-verdict", "the result differs from the verdict inside it");
  const predicateType = isResult ? SVR_PREDICATE_TYPE : GATE_VERDICT_PREDICATE_TYPE;
  return { kind: "verdict", predicateType, predicate };
}

function readExtension(predicate: Json): Json {
  const members = predicate as { readonly [key: string]: Json };
  const own = members[GATE_VERDICT_PREDICATE_TYPE];
  if (own === undefined)
    throw new CoreError("PREDICATE_UNKNOWN", "a verification result of another verifier");
  return own;
}

function toResult(verdict: GateVerdictPredicate): Json {
  const { policyDigest, evaluatedAt } = verdict;
  return {
    verifier: {
      id: GATE_VERIFIER_ID,
      policies:
        policyDigest === null ? [] : [{ name: ".countersign/policy.yml", digest: { sha256: policyDigest } }],
    },
    timeCreated: evaluatedAt,
    properties: isSignedOff(verdict) ? [GATE_PASS, AI_SIGN_OFF] : [GATE_PASS],
    [GATE_VERDICT_PREDICATE_TYPE]: toVerdictJson(verdict),
  };
}

/** An AI took part, and at least one person's approval was counted. */
export function isSignedOff({ verdict, assisted, signOffs }: GateVerdictPredicate): boolean {
  return verdict === "pass" && assisted === true && signOffs.some(({ decision }) => decision === "approve");
}
