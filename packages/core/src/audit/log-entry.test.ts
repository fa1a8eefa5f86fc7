// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatInstant } from "../attestation/index.ts";
import { toUtf8 } from "../ids/index.ts";
import { formatLogEntry, LOG_ENTRY_KINDS, type LogEntry, parseLogEntry } from "./log-entry.ts";

const hex = (length: number) =>
  fc
    .array(fc.constantFrom(..."0123456789abcdef"), { minLength: length, maxLength: length })
    .map((a) => a.join(""));

const anyEntry: fc.Arbitrary<LogEntry> = fc
  .record({
    version: fc.constant(1 as const),
    kind: fc.constantFrom(...LOG_ENTRY_KINDS),
    loggedAt: fc.integer({ min: 0, max: 4_102_444_800 }).map(formatInstant),
    object: hex(64),
    predicateType: fc.option(fc.constantFrom("https://countersign.dev/code-review/v0.1", "urn:x")),
    commit: fc.option(fc.oneof(hex(40), hex(64))),
    change: fc.option(hex(64)),
    decision: fc.option(fc.constantFrom("approve", "pass", "break-glass")),
    signer: fc.option(hex(64)),
    redacts: fc.nat(),
  })
  .map((entry) => ({ ...entry, redacts: entry.kind === "redaction" ? entry.redacts : null }));

const ENTRY: LogEntry = {
  version: 1,
  kind: "sign-off",
  loggedAt: "2026-03-01T12:00:00Z",
  object: "a".repeat(64),
  predicateType: "https://countersign.dev/code-review/v0.1",
  commit: "b".repeat(40),
  change: "c".repeat(64),
  decision: "approve",
  signer: "d".repeat(64),
  redacts: null,
};
const CODE = { name: "CoreError", code: "LOG_ENTRY_MALFORMED" };

describe("log entries", () => {
  it("come back as they were written", () => {
    fc.assert(
      fc.property(anyEntry, (entry) => {
        expect(parseLogEntry(formatLogEntry(entry))).toEqual(entry);
      }),
    );
  });

  it("are canonical JSON of a few hundred bytes", () => {
    const leaf = formatLogEntry(ENTRY);
    expect(leaf.length).toBeLessThan(520);
    expect(Buffer.from(leaf).toString()).toMatch(/^\{"change":"c{64}","commit":"b{40}",.*"version":1\}$/);
  });

  it.each<[string, Record<string, unknown>]>([
    ["another version", { version: 2 }],
    ["an unknown kind", { kind: "gossip" }],
    ["a time in another spelling", { loggedAt: "2026-03-01T12:00:00+00:00" }],
    ["a day that never was", { loggedAt: "2026-02-30T12:00:00Z" }],
    ["upper-case hex", { object: "A".repeat(64) }],
    ["a short commit", { commit: "b".repeat(12) }],
    ["a predicate type with a control character", { predicateType: "https://x\u001b[2J" }],
    ["a decision that is prose", { decision: "yes, please" }],
    ["a redaction that names nothing", { kind: "redaction" }],
    ["an index on what is no redaction", { redacts: 3 }],
    ["a negative index", { kind: "redaction", redacts: -1 }],
    ["an unknown member", { person: "senior" }],
  ])("refuses %s", (_, change) => {
    const text = JSON.stringify({ ...ENTRY, ...change });
    expect(() => parseLogEntry(toUtf8(text))).toThrow(expect.objectContaining(CODE));
    expect(() => formatLogEntry({ ...ENTRY, ...change } as LogEntry)).toThrow(expect.objectContaining(CODE));
  });

  it("has one spelling only: white space, another order and repeated keys are refused", () => {
    const text = Buffer.from(formatLogEntry(ENTRY)).toString();
    for (const other of [
      `${text} `,
      text.replace(",", ", "),
      JSON.stringify(ENTRY),
      text.replace("{", '{"version":1,'),
    ])
      expect(() => parseLogEntry(toUtf8(other))).toThrow(expect.objectContaining(CODE));
  });

  it("answers any bytes with an entry or its own error", () => {
    const mutated = fc
      .tuple(anyEntry, fc.nat(), fc.integer({ min: 0, max: 255 }))
      .map(([entry, at, byte]) => {
        const leaf = formatLogEntry(entry);
        leaf[at % leaf.length] = byte;
        return leaf;
      });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 600 }), mutated), (bytes) => {
        try {
          expect(formatLogEntry(parseLogEntry(bytes))).toEqual(bytes);
        } catch (error) {
          expect(error).toMatchObject(CODE);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
