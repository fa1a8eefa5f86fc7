// SPDX-License-Identifier: Apache-2.0

/** An IPv4 or IPv6 network; `bits` are those of the address, the prefix's first. */
interface NetworkRange {
  readonly version: 4 | 6;
  readonly prefix: number;
  readonly bits: string;
}

/** Shorter prefixes are the internet in halves: `0.0.0.0/1` and `128.0.0.0/1` together are everything. */
const WORLD_PREFIX = 7;
const SHORT_PREFIX = /\/0*[0-7]$/;

export function isWorld(text: string): boolean {
  // Nearly every text that is asked about is no network at all.
  if (!SHORT_PREFIX.test(text)) return false;
  const range = toRange(text);
  return (
    range !== undefined && range.prefix <= WORLD_PREFIX && !(range.version === 6 && /^f[cd]/i.test(text))
  );
}

/** Whether a network holds all of another one and more. */
export function isWider(text: string, other: string): boolean {
  const [wide, narrow] = [toRange(text), toRange(other)];
  if (wide === undefined || narrow === undefined || wide.version !== narrow.version) return false;
  return wide.prefix < narrow.prefix && narrow.bits.startsWith(wide.bits.slice(0, wide.prefix));
}

export function toRange(text: string): NetworkRange | undefined {
  const [, address = "", length] = /^([\da-fA-F.:]{2,45})(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const isSix = address.includes(":");
  const bits = isSix ? toBitsOfSix(address) : toBitsOfFour(address);
  if (bits === undefined) return undefined;
  const most = isSix ? 128 : 32;
  const prefix = Number(length ?? most);
  return prefix > most ? undefined : { version: isSix ? 6 : 4, prefix, bits };
}

function toBitsOfFour(address: string): string | undefined {
  const parts = address.split(".").map(Number);
  if (parts.length !== 4 || parts.some((part) => !(part >= 0 && part <= 255))) return undefined;
  return parts.map((part) => part.toString(2).padStart(8, "0")).join("");
}

function toBitsOfSix(address: string): string | undefined {
  const [head = "", tail] = address.split("::");
  const groups = (text: string) => (text === "" ? [] : text.split(":"));
  const [first, last] = [groups(head), groups(tail ?? "")];
  const missing = 8 - first.length - last.length;
  if (missing < 0 || (tail === undefined && missing > 0)) return undefined;
  const all = [...first, ...Array<string>(missing).fill("0"), ...last];
  if (all.some((group) => !/^[\da-fA-F]{1,4}$/.test(group))) return undefined;
  return all.map((group) => Number.parseInt(group, 16).toString(2).padStart(16, "0")).join("");
}
