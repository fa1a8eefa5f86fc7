// SPDX-License-Identifier: Apache-2.0

/** Extra bits and least values of length and distance codes: RFC 1951 §3.2.5. */
const LENGTH_BITS = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DISTANCE_BITS = Array.from({ length: 30 }, (_, code) => (code < 4 ? 0 : (code >> 1) - 1));
const LENGTHS = toLeast(LENGTH_BITS, 3).with(28, 258);
const DISTANCES = toLeast(DISTANCE_BITS, 1);
/** In which order the lengths of the code for code lengths are written: §3.2.7. */
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

function toLeast(bits: readonly number[], first: number): number[] {
  let next = first;
  return bits.map((extra) => {
    const least = next;
    next += 1 << extra;
    return least;
  });
}

/** A canonical Huffman code: how many codes of each length there are, and their symbols in order. */
interface Code {
  readonly counts: Uint16Array;
  readonly symbols: Uint16Array;
}

interface Stream {
  readonly input: Uint8Array;
  at: number;
  bits: number;
  count: number;
  readonly output: Uint8Array;
  length: number;
}

/**
 * Inflates a small zlib stream (RFC 1950) without Node's own module, whose loading takes longer than a commit may. Undefined
 * for anything that is not one whole and sound stream of at most `limit` bytes.
 */
export function inflateSmall(input: Uint8Array, limit: number): Uint8Array | undefined {
  const stream = startStream(input, limit);
  if (stream === undefined || !runStream(stream)) return undefined;
  const output = stream.output.subarray(0, stream.length);
  // The last block may end within a byte; what was taken beyond it is given back.
  const end = stream.at - (stream.count >> 3);
  return adler32(output) === readNumber(input, end) ? output : undefined;
}

/**
 * The first `length` bytes of a zlib stream of which `input` is the start; fewer where it ends sooner, undefined where `input`
 * does not tell them. The stream's checksum is not looked at.
 */
export function inflateStart(input: Uint8Array, length: number): Uint8Array | undefined {
  const stream = startStream(input, length);
  if (stream === undefined) return undefined;
  return runStream(stream) || stream.length === length ? stream.output.subarray(0, stream.length) : undefined;
}

function startStream(input: Uint8Array, limit: number): Stream | undefined {
  const [method = 0, flags = 0] = input;
  if ((method & 0x0f) !== 8 || (method * 256 + flags) % 31 !== 0 || (flags & 0x20) !== 0) return undefined;
  return { input, at: 2, bits: 0, count: 0, output: new Uint8Array(limit), length: 0 };
}

/** False where the stream is damaged, cut off or longer than its output. */
function runStream(stream: Stream): boolean {
  try {
    for (let isLast = false; !isLast; ) {
      isLast = take(stream, 1) === 1;
      inflateBlock(stream, take(stream, 2));
    }
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function readNumber(input: Uint8Array, at: number): number {
  if (at + 4 > input.length) return -1;
  return new DataView(input.buffer, input.byteOffset + at, 4).getUint32(0);
}

/** RFC 1950 §8.2. */
function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (const byte of bytes) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  return b * 65536 + a;
}

function inflateBlock(stream: Stream, type: number): void {
  if (type === 0) copyStored(stream);
  else if (type === 1) inflateCoded(stream, toCode(FIXED_LENGTHS), toCode(FIXED_DISTANCES));
  else if (type === 2) inflateDynamic(stream);
  else throw new RangeError("block type");
}

function take(stream: Stream, count: number): number {
  while (stream.count < count) {
    const byte = stream.input[stream.at++];
    if (byte === undefined) throw new RangeError("end of input");
    stream.bits |= byte << stream.count;
    stream.count += 8;
  }
  const value = stream.bits & ((1 << count) - 1);
  stream.bits >>>= count;
  stream.count -= count;
  return value;
}

function put(stream: Stream, byte: number): void {
  if (stream.length >= stream.output.length) throw new RangeError("limit");
  stream.output[stream.length++] = byte;
}

function copyStored(stream: Stream): void {
  stream.bits = 0;
  stream.count = 0;
  const length = take(stream, 8) + take(stream, 8) * 256;
  if ((length ^ 0xffff) !== take(stream, 8) + take(stream, 8) * 256) throw new RangeError("stored length");
  for (let i = 0; i < length; i++) put(stream, take(stream, 8));
}

function toCode(lengths: readonly number[]): Code {
  const counts = new Uint16Array(16);
  for (const length of lengths) counts[length] = (counts[length] ?? 0) + 1;
  counts[0] = 0;
  const offsets = new Uint16Array(16);
  for (let i = 1; i < 15; i++) offsets[i + 1] = (offsets[i] ?? 0) + (counts[i] ?? 0);
  const symbols = new Uint16Array(lengths.length);
  for (const [symbol, length] of lengths.entries())
    if (length > 0) {
      symbols[offsets[length] ?? 0] = symbol;
      offsets[length] = (offsets[length] ?? 0) + 1;
    }
  return { counts, symbols };
}

function decode(stream: Stream, { counts, symbols }: Code): number {
  let code = 0;
  let first = 0;
  let index = 0;
  for (let length = 1; length < 16; length++) {
    code |= take(stream, 1);
    const count = counts[length] ?? 0;
    if (code - count < first) return symbols[index + code - first] ?? 0;
    index += count;
    first = (first + count) << 1;
    code <<= 1;
  }
  throw new RangeError("code");
}

const FIXED_LENGTHS = Array.from({ length: 288 }, (_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8));
const FIXED_DISTANCES = new Array<number>(30).fill(5);

function inflateDynamic(stream: Stream): void {
  const [literals, distances, codes] = [take(stream, 5) + 257, take(stream, 5) + 1, take(stream, 4) + 4];
  const own = new Array<number>(19).fill(0);
  for (const place of ORDER.slice(0, codes)) own[place] = take(stream, 3);
  const code = toCode(own);
  const lengths: number[] = [];
  while (lengths.length < literals + distances) {
    const symbol = decode(stream, code);
    if (symbol < 16) lengths.push(symbol);
    else if (symbol === 16) repeat(lengths, lengths.at(-1) ?? 0, take(stream, 2) + 3);
    else repeat(lengths, 0, symbol === 17 ? take(stream, 3) + 3 : take(stream, 7) + 11);
  }
  inflateCoded(
    stream,
    toCode(lengths.slice(0, literals)),
    toCode(lengths.slice(literals, literals + distances)),
  );
}

function repeat(lengths: number[], length: number, times: number): void {
  for (let i = 0; i < times; i++) lengths.push(length);
}

function inflateCoded(stream: Stream, literals: Code, distances: Code): void {
  for (let symbol = decode(stream, literals); symbol !== 256; symbol = decode(stream, literals)) {
    if (symbol < 256) put(stream, symbol);
    else copyBack(stream, symbol - 257, distances);
  }
}

function copyBack(stream: Stream, symbol: number, distances: Code): void {
  const length = (LENGTHS[symbol] ?? fail()) + take(stream, LENGTH_BITS[symbol] ?? 0);
  const code = decode(stream, distances);
  const distance = (DISTANCES[code] ?? fail()) + take(stream, DISTANCE_BITS[code] ?? 0);
  if (distance > stream.length) throw new RangeError("distance");
  for (let i = 0; i < length; i++) put(stream, stream.output[stream.length - distance] ?? 0);
}

function fail(): never {
  throw new RangeError("symbol");
}
