// SPDX-License-Identifier: Apache-2.0
import { formatInstant } from "../attestation/instant.ts";
import { sha256Hex, toUtf8 } from "../ids/index.ts";
import type { ChangeFacts } from "./change.ts";
import type { Person } from "./policy.ts";
import type { SignOffAnswer } from "./sign-off-answer.ts";
import type { JudgedSignOff } from "./sign-offs/judged-sign-off.ts";

interface Pretence {
  readonly person: Person;
  readonly facts: ChangeFacts;
  /** Seconds since the epoch. */
  readonly at: number;
}

const REASON = "pretended: signed for exactly this change";

/** An approval that nobody gave, for tests and what-if questions; it never leaves them. */
export function toPretendedAnswer({ person, facts, at }: Pretence): SignOffAnswer {
  const { record } = facts;
  const key = person.keys.find(({ publicKey }) => publicKey.startsWith("sk-")) ?? person.keys[0];
  return {
    envelope: sha256Hex(toUtf8(`pretended ${person.id}`)),
    predicate: {
      decision: "approve",
      principal: person.id,
      role: null,
      change: { ...record, head: facts.head },
      changeKind: "change",
      nonce: "0".repeat(32),
      issuedAt: formatInstant(at),
      expiresAt: null,
      method: "ssh",
      reason: null,
      revokes: [],
    },
    publicKey: key?.publicKey ?? "",
    isTouched: true,
    cover: "exact",
    coverReason: REASON,
    covers: "all",
    baseClasses: [],
  };
}

/** The same, judged valid without a look at keys and authors. */
export function toPretendedSignOff(pretence: Pretence): JudgedSignOff {
  return { answer: toPretendedAnswer(pretence), person: pretence.person, isValid: true, reason: REASON };
}
