// SPDX-License-Identifier: Apache-2.0

/** What one part of a condition asks of a claim; `isExact` where the claim has to be one of the values. */
interface Demand {
  readonly text: string;
  readonly claim: string;
  readonly values: readonly string[];
  readonly isExact: boolean;
}

const CLAIM = /(?:assertion|attribute|google|jwt_?claims?|claims?|token)[.[]['"]?([\w.-]{1,100})/i;
const VALUE = /'([^'\n]{0,300})'|"([^"\n]{0,300})"|`([^`\n]{0,300})`/g;
const EXACT = /==|\beq\b|\bin\b/;
const NEGATED = /!=|^\s*!|\bnot\b|\bne\b/;
const EITHER = /\|\||\bor\b/g;

/** Whether a condition over the claims of a token (CEL and its like) lets in what the old one did not, as far as its text tells. */
export function isLooserCondition(old: string, now: string): boolean {
  if (normalize(old) === normalize(now)) return false;
  if ((now.match(EITHER) ?? []).length > (old.match(EITHER) ?? []).length) return true;
  const asked = toDemands(now);
  return toDemands(old).some((demand) => !asked.some((own) => asksAsMuch(own, demand)));
}

const normalize = (text: string) => text.replace(/\s+/g, " ").replaceAll('"', "'").trim();

function toDemands(condition: string): readonly Demand[] {
  return normalize(condition)
    .split(/&&|\band\b/)
    .map((part) => part.trim())
    .filter((part) => part !== "" && part !== "true")
    .map((text) => {
      const named = CLAIM.exec(text)?.[1] ?? "";
      const claim = named.replace(/\.(?:startsWith|endsWith|matches|contains)$/i, "");
      const rest = text.replace(/\[['"][\w.-]{1,100}['"]\]/g, "");
      const values = [...rest.matchAll(VALUE)].map(([, a, b, c]) => a ?? b ?? c ?? "");
      return { text, claim, values, isExact: EXACT.test(rest) && !NEGATED.test(rest) };
    });
}

function asksAsMuch(own: Demand, old: Demand): boolean {
  if (own.text === old.text) return true;
  if (!own.isExact || own.values.length === 0) return false;
  const isOwner = /owner$/.test(old.claim) && /repository$/.test(own.claim);
  if (own.claim !== old.claim && !isOwner) return false;
  return own.values.every((value) =>
    old.values.some((other) =>
      isOwner
        ? value.startsWith(`${other}/`)
        : old.isExact
          ? value === other
          : value.startsWith(toPrefix(other)),
    ),
  );
}

/** What every match of a pattern begins with. */
const toPrefix = (pattern: string) => pattern.replace(/^\^/, "").replace(/[.*?+($[{\\].*$/s, "");
