// SPDX-License-Identifier: Apache-2.0

const P = 2n ** 255n - 19n;
const L = 2n ** 252n + 27742317777372353535851937790883648493n;

/** y coordinates of the eight points of order 1, 2, 4 and 8; the sign of x does not matter. */
const SMALL_ORDER_Y: readonly bigint[] = [
  0n,
  1n,
  P - 1n,
  0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n,
  0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n,
];

/**
 * False for a public key in the small subgroup, and for a y beyond the field. For such a key anybody can produce a
 * "signature" of many messages, and OpenSSL 3.0 accepts it: put into a policy file it would let everyone sign off.
 */
export function isStrongEd25519Point(point: Uint8Array): boolean {
  const y = toLittleEndian(point) & (2n ** 255n - 1n);
  return y < P && !SMALL_ORDER_Y.includes(y);
}

/** True for the S half of a signature below the group order: S and S+L would be two spellings of one signature. */
export function isCanonicalEd25519Scalar(s: Uint8Array): boolean {
  return toLittleEndian(s) < L;
}

function toLittleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}
