// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { isCanonicalEd25519Scalar, isStrongEd25519Point } from "./ed25519-point.ts";

// The curve's own arithmetic, affine and slow, finds the small points anew instead of trusting a list.
const P = 2n ** 255n - 19n;
const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const D = mod(-121665n * invert(121666n));
const BASE: Point = [
  15112221349535400772501151409588531511454012693041857206046113283949847762202n,
  mod(4n * invert(5n)),
];
type Point = readonly [x: bigint, y: bigint];

function mod(value: bigint): bigint {
  return ((value % P) + P) % P;
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let [b, e] = [mod(base), exponent]; e > 0n; e >>= 1n, b = mod(b * b))
    if (e & 1n) result = mod(result * b);
  return result;
}

function invert(value: bigint): bigint {
  return power(value, P - 2n);
}

function add([x1, y1]: Point, [x2, y2]: Point): Point {
  const t = mod(D * x1 * x2 * y1 * y2);
  return [mod((x1 * y2 + x2 * y1) * invert(1n + t)), mod((y1 * y2 + x1 * x2) * invert(1n - t))];
}

function multiply(point: Point, times: bigint): Point {
  let result: Point = [0n, 1n];
  for (let [p, n] = [point, times]; n > 0n; n >>= 1n, p = add(p, p)) if (n & 1n) result = add(result, p);
  return result;
}

function decompress(y: bigint): Point | undefined {
  const square = mod((y * y - 1n) * invert(D * y * y + 1n));
  const root = power(square, (P + 3n) / 8n);
  const x = [root, mod(root * power(2n, (P - 1n) / 4n))].find(
    (candidate) => mod(candidate * candidate) === square,
  );
  return x === undefined ? undefined : [x, y];
}

function encode(y: bigint, sign: 0 | 1): Uint8Array {
  const bytes = Uint8Array.from({ length: 32 }, (_, i) => Number((y >> BigInt(8 * i)) & 0xffn));
  return bytes.with(31, (bytes[31] ?? 0) | (sign << 7));
}

/** Every point of order 1, 2, 4 and 8: the multiples by L of random points of the curve. */
function findSmallPoints(): ReadonlySet<bigint> {
  const found = new Set<bigint>();
  for (let y = 2n; y < 24n; y++) {
    const point = decompress(y);
    if (point !== undefined)
      for (let i = 0n, small = multiply(point, L); i < 8n; i++) found.add(multiply(small, i)[1]);
  }
  return found;
}

describe("isStrongEd25519Point", () => {
  it("refuses every point of small order with either sign, and there are five such y", () => {
    expect(multiply(BASE, L)).toEqual([0n, 1n]);
    const small = findSmallPoints();
    expect(small.size).toBe(5);
    for (const y of small)
      for (const sign of [0, 1] as const) expect(isStrongEd25519Point(encode(y, sign)), `${y}`).toBe(false);
  });

  it("takes multiples of the base point", () => {
    for (const times of [1n, 2n, 8n, 12345678901234567890n, L - 1n]) {
      expect(isStrongEd25519Point(encode(multiply(BASE, times)[1], 0))).toBe(true);
    }
  });

  it("refuses every y beyond the field", () => {
    for (let y = P; y < 2n ** 255n; y++) expect(isStrongEd25519Point(encode(y, 0))).toBe(false);
    expect(isStrongEd25519Point(encode(P - 2n, 0))).toBe(true);
  });
});

describe("isCanonicalEd25519Scalar", () => {
  it("takes everything below the group order and nothing else", () => {
    for (const s of [0n, 1n, L - 1n]) expect(isCanonicalEd25519Scalar(encode(s, 0))).toBe(true);
    for (const s of [L, L + 1n, 2n ** 253n, 2n ** 255n - 1n])
      expect(isCanonicalEd25519Scalar(encode(s, 0))).toBe(false);
    expect(isCanonicalEd25519Scalar(new Uint8Array(32).fill(0xff))).toBe(false);
  });
});
