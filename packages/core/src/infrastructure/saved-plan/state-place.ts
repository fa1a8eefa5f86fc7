// SPDX-License-Identifier: Apache-2.0
import { CoreError, toText } from "../../ids/index.ts";

/** One setting that says where a state is: `key` is `prod/net.tfstate`. */
export interface StateSetting {
  readonly name: string;
  readonly value: string;
}

/** Settings of Terraform's and OpenTofu's backends that name a place. All others may be secrets, and are not repeated. */
export const STATE_SETTINGS: ReadonlySet<string> = new Set([
  "bucket",
  "container_name",
  "hostname",
  "key",
  "namespace",
  "organization",
  "path",
  "prefix",
  "region",
  "resource_group_name",
  "schema_name",
  "secret_suffix",
  "storage_account_name",
  "workspace_dir",
  "workspace_key_prefix",
]);

interface Cursor {
  readonly bytes: Uint8Array;
  at: number;
}

/** A value that no place is named by: what is in it is passed over. */
const OTHER = Symbol("other");
type Value = string | null | typeof OTHER;

/** Reads the configuration of a backend as plans hold it, a map of MessagePack. Sorted by name. Throws PLAN_MALFORMED. */
export function parseStatePlace(bytes: Uint8Array): readonly StateSetting[] {
  const cursor: Cursor = { bytes, at: 0 };
  const size = sizeOfMap(cursor, readByte(cursor));
  if (size === undefined) return [];
  const found = new Map<string, Value>();
  for (let i = 0; i < size; i++) {
    const name = readValue(cursor, 0);
    if (typeof name !== "string" || found.has(name)) throw malformed();
    found.set(name, readValue(cursor, 0));
  }
  if (cursor.at !== bytes.length) throw malformed();
  return [...found]
    .flatMap(([name, value]) =>
      typeof value === "string" && STATE_SETTINGS.has(name) ? [{ name, value }] : [],
    )
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

const MOST_NESTING = 32;

function readValue(cursor: Cursor, depth: number): Value {
  if (depth > MOST_NESTING) throw malformed();
  const first = readByte(cursor);
  const text = sizeOfText(cursor, first);
  if (text !== undefined) return toText(take(cursor, text));
  const map = sizeOfMap(cursor, first);
  const items = map === undefined ? sizeOfList(cursor, first) : 2 * map;
  for (let i = 0; i < (items ?? 0); i++) readValue(cursor, depth + 1);
  if (items === undefined) take(cursor, sizeOfOther(cursor, first));
  return first === 0xc0 ? null : OTHER;
}

/** Sizes by the first byte (github.com/msgpack/msgpack/blob/master/spec.md). */
function sizeOfText(cursor: Cursor, first: number): number | undefined {
  if (first >= 0xa0 && first <= 0xbf) return first & 0x1f;
  return first >= 0xd9 && first <= 0xdb ? readSize(cursor, first - 0xd9) : undefined;
}

function sizeOfMap(cursor: Cursor, first: number): number | undefined {
  if (first >= 0x80 && first <= 0x8f) return first & 0x0f;
  return first === 0xde || first === 0xdf ? readSize(cursor, first - 0xdd) : undefined;
}

function sizeOfList(cursor: Cursor, first: number): number | undefined {
  if (first >= 0x90 && first <= 0x9f) return first & 0x0f;
  return first === 0xdc || first === 0xdd ? readSize(cursor, first - 0xdb) : undefined;
}

const FIXED: ReadonlyMap<number, number> = new Map([
  ...[0xc0, 0xc2, 0xc3].map((first) => [first, 0] as const),
  ...[0xcc, 0xd0].map((first) => [first, 1] as const),
  ...[0xcd, 0xd1].map((first) => [first, 2] as const),
  ...[0xca, 0xce, 0xd2].map((first) => [first, 4] as const),
  ...[0xcb, 0xcf, 0xd3].map((first) => [first, 8] as const),
  ...[0, 1, 2, 3, 4].map((power) => [0xd4 + power, 1 + 2 ** power] as const),
]);

/** Bytes after the first of numbers, words, and what is binary. */
function sizeOfOther(cursor: Cursor, first: number): number {
  if (first <= 0x7f || first >= 0xe0) return 0;
  if (first >= 0xc4 && first <= 0xc6) return readSize(cursor, first - 0xc4);
  if (first >= 0xc7 && first <= 0xc9) return readSize(cursor, first - 0xc7) + 1;
  const size = FIXED.get(first);
  if (size === undefined) throw malformed();
  return size;
}

/** A number of 1, 2 or 4 bytes. */
function readSize(cursor: Cursor, power: number): number {
  return [...take(cursor, 2 ** power)].reduce((size, byte) => size * 256 + byte, 0);
}

function readByte(cursor: Cursor): number {
  return take(cursor, 1)[0] ?? 0;
}

function take(cursor: Cursor, size: number): Uint8Array {
  const end = cursor.at + size;
  if (end > cursor.bytes.length) throw malformed();
  const bytes = cursor.bytes.subarray(cursor.at, end);
  cursor.at = end;
  return bytes;
}

function malformed(): CoreError {
  return new CoreError(
    "PLAN_MALFORMED",
    "the plan in it cannot be read: where its state is, is no MessagePack",
  );
}
