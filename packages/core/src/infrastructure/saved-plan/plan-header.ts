// SPDX-License-Identifier: Apache-2.0
import { CoreError, toText } from "../../ids/index.ts";
import { parseStatePlace, type StateSetting } from "./state-place.ts";

/** What a saved plan says about itself and its JSON does not. Texts are the planner's own: hostile until shown as text. */
export interface PlanHeader {
  /** Of the program that made it: `1.11.4`. */
  readonly version: string;
  readonly mode: "normal" | "destroy" | "refresh-only";
  /** Addresses named by `-target`, `-exclude` and `-replace`. */
  readonly targets: readonly string[];
  readonly excludes: readonly string[];
  readonly replaced: readonly string[];
  /** Ephemeral variables that were set: their values are in no plan, and are given again when it is applied. */
  readonly later: readonly string[];
  /** Where it puts the state: `s3`, `local`. */
  readonly backend: string;
  /** What the backend was told of the place, `-backend-config` included, as far as it is no secret; sorted by name. */
  readonly state: readonly StateSetting[];
  readonly workspace: string;
  readonly isErrored: boolean;
}

/** A field of a message of Protocol Buffers. */
interface WireField {
  readonly number: number;
  readonly value: number | Uint8Array;
}

/** Numbers of the fields of `tfplan.Plan` (planfile.proto of Terraform and of OpenTofu, which share them). */
const FIELD = {
  version: 1,
  targets: 5,
  excludes: 6,
  backend: 13,
  program: 14,
  replaced: 16,
  mode: 17,
  isErrored: 20,
  /** Of OpenTofu; Terraform keeps hashes of results of functions there, which are no names. */
  tofuLater: 22,
  later: 28,
  stateStore: 29,
  actionTargets: 32,
} as const;
const ONCE: ReadonlySet<number> = new Set([
  FIELD.version,
  FIELD.backend,
  FIELD.program,
  FIELD.mode,
  FIELD.isErrored,
  FIELD.stateStore,
]);
const NAME = /^[\p{L}_][\p{L}\p{N}_-]*$/u;
const KNOWN_VERSION = 3;
const MODES = ["normal", "destroy", "refresh-only"] as const;

/** Reads the file `tfplan` of a saved plan. Throws PLAN_MALFORMED, also for a version that nobody here knows. */
export function parsePlanHeader(bytes: Uint8Array): PlanHeader {
  const fields = readFields(bytes);
  const once = fields.filter(({ number }) => ONCE.has(number));
  // Readers take the last of two, or merge them.
  if (new Set(once.map(({ number }) => number)).size < once.length)
    throw malformed("it says something twice");
  const number = (field: number) => once.find((each) => each.number === field)?.value ?? 0;
  if (number(FIELD.version) !== KNOWN_VERSION)
    throw malformed(
      `its format is version ${number(FIELD.version)}, and only ${KNOWN_VERSION} is known here`,
    );
  const mode = MODES[Number(number(FIELD.mode))];
  if (mode === undefined) throw malformed("it was made in a mode that is not known here");
  const stores = textFields(once, FIELD.backend, FIELD.stateStore);
  const [store] = stores;
  if (store === undefined || stores.length > 1)
    throw malformed("it does not say in one way where the state is");
  const inner = readFields(store);
  const texts = (from: readonly WireField[], ...of: readonly number[]) => textFields(from, ...of).map(toText);
  return {
    version: texts(once, FIELD.program)[0] ?? "",
    mode,
    targets: texts(fields, FIELD.targets, FIELD.actionTargets),
    excludes: texts(fields, FIELD.excludes),
    replaced: texts(fields, FIELD.replaced),
    later: texts(fields, FIELD.later, FIELD.tofuLater).filter((name) => NAME.test(name)),
    backend: texts(inner, 1).at(-1) ?? "",
    state: toState(inner),
    workspace: texts(inner, 3).at(-1) ?? "",
    isErrored: number(FIELD.isErrored) !== 0,
  };
}

/** Field 2 is a `DynamicValue`, whose field 1 is MessagePack. */
function toState(backend: readonly WireField[]): readonly StateSetting[] {
  const configurations = textFields(backend, 2).flatMap((value) => textFields(readFields(value), 1));
  if (configurations.length > 1) throw malformed("it does not say in one way where the state is");
  return configurations.flatMap(parseStatePlace);
}

function textFields(fields: readonly WireField[], ...numbers: readonly number[]): readonly Uint8Array[] {
  return fields
    .filter(({ number }) => numbers.includes(number))
    .flatMap(({ value }) => (typeof value === "number" ? [] : [value]));
}

/** The fields of one message, in order (protobuf.dev/programming-guides/encoding). */
function readFields(bytes: Uint8Array): readonly WireField[] {
  const fields: WireField[] = [];
  for (let at = 0; at < bytes.length; ) {
    const tag = readNumber(bytes, at);
    const number = Math.floor(tag.value / 8);
    const field = readValue(bytes, tag.end, tag.value % 8);
    fields.push({ number, value: field.value });
    at = field.end;
  }
  return fields;
}

function readValue(
  bytes: Uint8Array,
  at: number,
  type: number,
): { readonly value: number | Uint8Array; readonly end: number } {
  if (type === 0) return readNumber(bytes, at);
  const { value: length, end: start } =
    type === 2 ? readNumber(bytes, at) : { value: FIXED.get(type) ?? Number.POSITIVE_INFINITY, end: at };
  const end = start + length;
  if (end > bytes.length) throw malformed("it is cut off, or no message of Protocol Buffers");
  return { value: bytes.subarray(start, end), end };
}

const FIXED: ReadonlyMap<number, number> = new Map([
  [1, 8],
  [5, 4],
]);
const LONGEST_NUMBER = 10;

/** Exact up to 2^53; nothing that is looked at here is larger. */
function readNumber(bytes: Uint8Array, start: number): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let i = 0; i < LONGEST_NUMBER; i++) {
    const byte = bytes[start + i];
    if (byte === undefined) break;
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return { value, end: start + i + 1 };
  }
  throw malformed("it is cut off, or no message of Protocol Buffers");
}

function malformed(problem: string): CoreError {
  return new CoreError("PLAN_MALFORMED", `the plan in it cannot be read: ${problem}`);
}
