// SPDX-License-Identifier: Apache-2.0
import { crc32, inflateRawSync } from "node:zlib";
import { CoreError } from "@countersign/core/ids";
import {
  isReadOfPlan,
  parseSavedPlan,
  parseZipDirectory,
  type SavedPlan,
  type ZipEntry,
} from "@countersign/core/infrastructure";

/** Of all that is unpacked together: a configuration is text that people wrote. */
const LARGEST = 256 * 1024 * 1024;

/** Reads what `terraform plan -out` wrote; states are not unpacked. Throws CoreError PLAN_MALFORMED. */
export function unpackPlan(bytes: Uint8Array): SavedPlan {
  const entries = parseZipDirectory(bytes);
  const wanted = entries.filter(({ name }) => isReadOfPlan(name));
  const size = wanted.reduce((total, entry) => total + entry.size, 0);
  if (size > LARGEST) throw malformed(`it unpacks to ${size} bytes, more than ${LARGEST}`);
  const files = new Map(wanted.map((entry) => [entry.name, unpack(entry)]));
  return parseSavedPlan(
    files,
    entries.map(({ name }) => name),
  );
}

/** No more than the size that is stated, whatever the packed bytes would give. */
function unpack(entry: ZipEntry): Uint8Array {
  const content = inflate(entry);
  if (content?.length === entry.size && crc32(content) === entry.crc32) return content;
  throw malformed(`${JSON.stringify(entry.name)} is damaged`);
}

function inflate({ method, packed, size }: ZipEntry): Uint8Array | undefined {
  if (method === "stored") return packed;
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, size) });
  } catch {
    return undefined;
  }
}

function malformed(problem: string): CoreError {
  return new CoreError("PLAN_MALFORMED", `no saved plan: ${problem}`);
}
