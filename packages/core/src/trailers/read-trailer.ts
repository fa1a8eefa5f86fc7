// SPDX-License-Identifier: Apache-2.0
import { isAiIdentity } from "./identities.ts";
import { parseIdentityValue } from "./identity-value.ts";
import { parseOwnValue } from "./own-trailer.ts";
import { type PersonLine, rememberPerson } from "./person-lines.ts";
import { readClaim } from "./read-claim.ts";
import {
  type Draft,
  type Grade,
  type Place,
  type Reading,
  type Sign,
  toAssistance,
  warn,
} from "./reading.ts";
import { CLAIM_LIMIT, resolveClaim } from "./resolve-claim.ts";
import { GENERIC_TOOL } from "./tool-index.ts";
import { OWN_KEY, type TrailerLine } from "./trailer-line.ts";

const EXAMPLE = '"AI-Assisted: <tool>/<model>", such as "AI-Assisted: claude-code/claude-opus-4-8"';

export function readTrailer(reading: Reading, trailer: TrailerLine, place: Place): void {
  const line = place.line.number;
  const before = reading.assistance.length + reading.undecided.length;
  const grade = gradeOf(trailer, place);
  const { reading: kind, convention, key } = trailer.known;
  const isSentence = kind === "prose" || kind === "disclosure";
  if (trailer.value.length > CLAIM_LIMIT) {
    warn(
      reading,
      "value-truncated",
      line,
      `its value is longer than ${CLAIM_LIMIT} characters; the rest was not read`,
    );
  }
  if (kind === "own") readOwn(reading, trailer, place);
  else if (kind === "co-author" || kind === "sign-off" || kind === "role")
    readPeople(reading, trailer, place, { convention, evidence: grade, line });
  else {
    const evidence = isSentence ? "none" : grade;
    for (const draft of readClaimAt(trailer, place))
      reading.assistance.push(toAssistance(draft, { convention, evidence, line }));
  }
  if (reading.assistance.length + reading.undecided.length === before) return;
  if (!place.isSeen && !isSentence) reading.unseen.push(line);
  if (trailer.isSuspicious) {
    warn(reading, "suspicious-trailer", line, `its key looks like "${key}" but is written otherwise`);
  } else if (grade === "none") {
    warn(
      reading,
      "suspicious-trailer",
      line,
      "it stands in an indented block: an example, or attribution out of sight",
    );
  }
}

const AI_KEYS: ReadonlySet<string> = new Set(["ai-claim", "ai-scope", "disclosure", "prose"]);

/**
 * An AI key is also a part's name: `ai-tools: bump the parser` is a title, `- AI agent: retries twice` a list of
 * changes. So none counts in the title, and in a list only where it names a tool.
 */
function readClaimAt(trailer: TrailerLine, { line }: Place): readonly Draft[] {
  const isAiKey = AI_KEYS.has(trailer.known.reading);
  if (isAiKey && line.number === 1) return [];
  const drafts = readClaim(trailer);
  const isListed = isAiKey && /^\s*[-+*•]\s/.test(line.text);
  return isListed ? drafts.filter((it) => it.tool !== GENERIC_TOOL.tool) : drafts;
}

/** Indented by four where nothing was pasted, it is a code block or an attempt to hide: a sign, not a declaration. */
function gradeOf(trailer: TrailerLine, { line, role, isSeen }: Place): Grade {
  const isDeep = trailer.indent >= 4 || line.text.startsWith("\t");
  return isDeep && role === "own" && !isSeen && trailer.known.key !== OWN_KEY ? "none" : "declared";
}

export function readOwn(reading: Reading, trailer: TrailerLine, place: Place): void {
  const line = place.line.number;
  const value = parseOwnValue(trailer.value);
  if (value.kind === "none") readNone(reading, trailer, place);
  else if (value.kind === "denial") {
    warn(reading, "non-canonical-trailer", line, 'to deny AI assistance, write "AI-Assisted: none"');
  } else {
    reading.ownClaims ??= new Set();
    const isRepeated = reading.ownClaims.has(trailer.value);
    reading.ownClaims.add(trailer.value);
    reading.assistance.push({ ...value.claim, line });
    if (value.problem !== null)
      warn(reading, "malformed-trailer", line, `${value.problem}; write ${EXAMPLE}`);
    else if (!value.isCanonical || !trailer.isPlain)
      warn(reading, "non-canonical-trailer", line, `write it as ${EXAMPLE}`);
    if (isRepeated) warn(reading, "duplicate-trailer", line, "the same claim was already made");
  }
}

/**
 * A denial clears the commit, so it has to be beyond doubt: written plainly, in the trailer block, of a message that
 * is one commit's. In a squash it speaks for one of the joined commits and says nothing about the others.
 */
function readNone(reading: Reading, trailer: TrailerLine, { line, role, isSeen, isSquash }: Place): void {
  if (
    isSeen &&
    role !== "fenced" &&
    !isSquash() &&
    trailer.isPlain &&
    !trailer.isMarkedUp &&
    trailer.indent === 0
  ) {
    reading.claimsNone ??= line.number;
    return;
  }
  const why = isSquash()
    ? "it speaks for one of several squashed commits"
    : "it stands outside the trailer block or is written otherwise";
  warn(reading, "malformed-trailer", line.number, `"AI-Assisted: none" does not count here: ${why}`);
}

/** Behind a person another: `A <a@example.org> & B <b@example.org>`. */
const ANOTHER = /^(?:[,;&+]|and\b)\s*(\S.*<[^<>\s]+@[^<>\s]+>.*)$/i;
/** As many as anybody means, so that a line's work stays bounded. */
const MOST_ON_A_LINE = 8;

type PersonSign = Sign & { readonly line: number; readonly role: Place["role"] };

function readPeople(
  reading: Reading,
  trailer: TrailerLine,
  place: Place,
  sign: Sign & { readonly line: number },
): void {
  const people = splitPeople(trailer.value);
  for (const value of people) {
    const person = readPerson(reading, { ...trailer, value }, { ...sign, role: place.role });
    // A line that is remembered is not read again, so it has to be all that the line says.
    const isAll = people.length === 1 && place.next.length === 0 && value.length <= CLAIM_LIMIT;
    if (person !== undefined && isAll) rememberPerson(place.line.text, person);
  }
}

function splitPeople(value: string): readonly string[] {
  const people = [value];
  const end = value.indexOf(">");
  if (end < 0 || end === value.length - 1) return people;
  while (people.length < MOST_ON_A_LINE) {
    const last = people.at(-1) ?? "";
    const other = ANOTHER.exec(parseIdentityValue(last).rest)?.[1];
    if (other === undefined) break;
    people[people.length - 1] = last.slice(0, last.indexOf(">", last.indexOf("<")) + 1);
    people.push(other);
  }
  return people;
}

/** The person, where the line says no more than that; undefined for a tool, or a name that other lines decide. */
function readPerson(reading: Reading, trailer: TrailerLine, sign: PersonSign): PersonLine | undefined {
  const { name, email, rest } = parseIdentityValue(trailer.value);
  if (name === "" && email === "") return undefined;
  const ai = isAiIdentity({ name, email });
  const kind = personKind(trailer);
  const person = { name, email, reading: kind };
  const certifies = kind === "sign-off" && ai === undefined;
  if (!certifies || sign.role !== "fenced") addPerson(reading, person, sign.line, ai !== undefined);
  if (ai === undefined) return kind === "co-author" && addUndecided(reading, name, sign) ? undefined : person;
  if (kind === "sign-off") {
    warn(
      reading,
      "ai-signed-off-by",
      sign.line,
      `"${ai.tool}" signs off; only a person can certify the origin of a change`,
    );
  }
  const isProse = /\p{L}{2}/u.test(rest.replace(/\([^)]*\)|\[[^\]]*\]/g, ""));
  const evidence = kind !== "co-author" || isProse ? "none" : sign.evidence;
  reading.assistance.push(
    toAssistance(ai, { ...sign, evidence, extent: kind === "role" ? "advised" : null }),
  );
  return undefined;
}

function personKind({ known }: TrailerLine): PersonLine["reading"] {
  return known.reading === "co-author" || known.reading === "sign-off" ? known.reading : "role";
}

/** Lists a person where the commit's reader asks for them; a reviewer is in no list. */
export function addPerson(reading: Reading, person: PersonLine, line: number, isAi = false): void {
  const { name, email, reading: kind } = person;
  if (kind === "co-author") reading.coAuthors.push({ name, email, line, isAi });
  if (kind === "sign-off") reading.signedOffBy.push({ name, email, line, isAi });
}

/** Whether the name is one that a tool may bear too, so that other lines decide. */
function addUndecided(
  reading: Reading,
  name: string,
  { line, convention }: Sign & { readonly line: number },
): boolean {
  const claim = resolveClaim(name);
  if (claim === undefined || !claim.isWhole || claim.isGeneric) return false;
  const { tool, vendor, modelRaw } = claim;
  reading.undecided.push({ tool, vendor, modelRaw, line, convention });
  return true;
}
