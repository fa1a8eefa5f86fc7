// SPDX-License-Identifier: Apache-2.0
import { CoreError, type RawText, toRawText } from "../../ids/index.ts";

/** One file of an archive, still packed. */
export interface ZipEntry {
  readonly name: RawText;
  readonly method: "stored" | "deflated";
  /** Of the content, as the archive states it: whoever unpacks it checks both. */
  readonly crc32: number;
  readonly size: number;
  readonly packed: Uint8Array;
}

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const DESCRIPTOR = 0x08074b50;
const END_BYTES = 22;
const CENTRAL_BYTES = 46;
const LOCAL_BYTES = 30;
const DESCRIPTOR_BYTES = 16;
/** Sizes follow the content; the name is UTF-8. */
const STREAMED = 0x0008;
const KNOWN_FLAGS = STREAMED | 0x0800;
const MOST_ENTRIES = 20_000;

/**
 * The directory of a zip, as Go's writer lays it out and in no other way: files without gaps from the first byte on, then the directory, then
 * its end, which is the end of the file. Readers of zips differ in what they make of everything else (bytes before, between and after, two
 * directories, two files of one name, headers that contradict each other), so that one archive would show one configuration here and
 * another to Terraform. Throws PLAN_MALFORMED.
 */
export function parseZipDirectory(bytes: Uint8Array): readonly ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { count, start, end } = readEnd(view);
  const entries: ZipEntry[] = [];
  const names = new Set<RawText>();
  let at = start;
  let next = 0;
  for (let i = 0; i < count; i++) {
    const central = readCentral(view, at, end);
    const { entry, end: after } = readFile(view, central, { from: next, to: start });
    if (names.has(entry.name)) throw malformed(`two files are named ${JSON.stringify(entry.name)}`);
    names.add(entry.name);
    entries.push(entry);
    at = central.end;
    next = after;
  }
  if (at !== end) throw malformed("its directory holds more than its files");
  if (next !== start) throw malformed("bytes lie between its files and its directory");
  return entries;
}

function readEnd(view: DataView): { readonly count: number; readonly start: number; readonly end: number } {
  const end = view.byteLength - END_BYTES;
  if (end < 0 || view.getUint32(end, true) !== END)
    throw malformed("it does not end as a zip without a comment ends");
  const [disk, first, here, count] = [4, 6, 8, 10].map((offset) => view.getUint16(end + offset, true));
  const [size, start] = [view.getUint32(end + 12, true), view.getUint32(end + 16, true)];
  if (disk !== 0 || first !== 0 || count !== here || view.getUint16(end + 20, true) !== 0)
    throw malformed("it is split into parts, or has a comment");
  if (count === undefined || count > MOST_ENTRIES) throw malformed(`it has more than ${MOST_ENTRIES} files`);
  if (start + size !== end) throw malformed("its directory is not where it says");
  return { count, start, end };
}

interface Header {
  readonly flags: number;
  readonly method: number;
  readonly crc32: number;
  readonly packedSize: number;
  readonly size: number;
  readonly name: Uint8Array;
}

interface Central extends Header {
  readonly offset: number;
  readonly end: number;
}

function readCentral(view: DataView, at: number, limit: number): Central {
  if (at + CENTRAL_BYTES > limit || view.getUint32(at, true) !== CENTRAL)
    throw malformed("its directory is cut off");
  const [nameBytes, extra, comment] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true)) as [
    number,
    number,
    number,
  ];
  const end = at + CENTRAL_BYTES + nameBytes + extra + comment;
  if (end > limit || comment !== 0) throw malformed("its directory is cut off, or has comments");
  return {
    ...readHeader(view, at + 8),
    name: sliceOf(view, at + CENTRAL_BYTES, nameBytes),
    offset: view.getUint32(at + 42, true),
    end,
  };
}

/** From the flags on, both kinds of header are laid out alike. */
function readHeader(view: DataView, at: number): Omit<Header, "name"> {
  return {
    flags: view.getUint16(at, true),
    method: view.getUint16(at + 2, true),
    crc32: view.getUint32(at + 8, true),
    packedSize: view.getUint32(at + 12, true),
    size: view.getUint32(at + 16, true),
  };
}

function readFile(
  view: DataView,
  central: Central,
  { from, to }: { readonly from: number; readonly to: number },
): { readonly entry: ZipEntry; readonly end: number } {
  const name = toName(central.name);
  const shown = JSON.stringify(name);
  if (central.offset !== from) throw malformed(`bytes lie before ${shown}, or it lies inside another file`);
  if (from + LOCAL_BYTES > to || view.getUint32(from, true) !== LOCAL)
    throw malformed(`${shown} is not where the directory says`);
  const local = readHeader(view, from + 6);
  const [nameBytes, extra] = [view.getUint16(from + 26, true), view.getUint16(from + 28, true)];
  const start = from + LOCAL_BYTES + nameBytes + extra;
  const isStreamed = (central.flags & STREAMED) !== 0;
  const end = start + central.packedSize + (isStreamed ? DESCRIPTOR_BYTES : 0);
  if (end > to) throw malformed(`${shown} is cut off`);
  const isSame =
    local.flags === central.flags &&
    local.method === central.method &&
    isSameBytes(sliceOf(view, from + LOCAL_BYTES, nameBytes), central.name) &&
    hasSizes(local, isStreamed ? { crc32: 0, packedSize: 0, size: 0 } : central) &&
    (!isStreamed || hasDescriptor(view, end - DESCRIPTOR_BYTES, central));
  if (!isSame) throw malformed(`the headers of ${shown} contradict each other`);
  if ((central.flags & ~KNOWN_FLAGS) !== 0 || (central.method !== 0 && central.method !== 8))
    throw malformed(`${shown} is encrypted, or packed in a way that Terraform does not use`);
  if (central.method === 0 && central.packedSize !== central.size)
    throw malformed(`the headers of ${shown} contradict each other`);
  const method = central.method === 0 ? "stored" : "deflated";
  const packed = sliceOf(view, start, central.packedSize);
  return { entry: { name, method, crc32: central.crc32, size: central.size, packed }, end };
}

function hasSizes(header: Sizes, sizes: Sizes): boolean {
  return header.crc32 === sizes.crc32 && header.packedSize === sizes.packedSize && header.size === sizes.size;
}

type Sizes = Pick<Header, "crc32" | "packedSize" | "size">;

function hasDescriptor(view: DataView, at: number, sizes: Sizes): boolean {
  const [crc32, packedSize, size] = [4, 8, 12].map((offset) => view.getUint32(at + offset, true)) as [
    number,
    number,
    number,
  ];
  return view.getUint32(at, true) === DESCRIPTOR && hasSizes({ crc32, packedSize, size }, sizes);
}

/** A name that leads nowhere else, wherever it is unpacked. */
function toName(bytes: Uint8Array): RawText {
  const name = toRawText(bytes);
  const isOdd =
    /[\0\\]/.test(name) || name.split("/").some((part) => part === "" || part === "." || part === "..");
  if (isOdd) throw malformed(`a file is named ${JSON.stringify(name.slice(0, 200))}`);
  return name;
}

function isSameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function sliceOf(view: DataView, at: number, bytes: number): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset + at, bytes);
}

function malformed(problem: string): CoreError {
  return new CoreError("PLAN_MALFORMED", `no zip as Terraform and OpenTofu write it: ${problem}`);
}
