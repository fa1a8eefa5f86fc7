// SPDX-License-Identifier: Apache-2.0
import { type ObjectId, sha1Bytes, sha256Bytes, toHex, toUtf8 } from "../../ids/index.ts";

const SHA1_LENGTH = 40;

/** The name that Git gives an object, in hex of the length that its repository's names have: 40 or 64. */
export function nameObject(type: "commit" | "tree" | "blob", content: Uint8Array, length: number): ObjectId {
  const header = toUtf8(`${type} ${content.length}\0`);
  const whole = new Uint8Array(header.length + content.length);
  whole.set(header);
  whole.set(content, header.length);
  return toHex(length === SHA1_LENGTH ? sha1Bytes(whole) : sha256Bytes(whole));
}
