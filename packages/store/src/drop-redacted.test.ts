// SPDX-License-Identifier: Apache-2.0
import { formatLogEntry } from "@countersign/core/audit";
import { sha256Hex } from "@countersign/core/ids";
import { beforeEach, describe, expect, it } from "vitest";
import { createLedger, openLedgerWriter } from "./ledger-writer.ts";
import { type MemoryState, openMemoryBackend } from "./memory-backend.ts";
import type { LedgerBackend, LedgerObjects } from "./ports.ts";
import { logEntry, objectOf } from "./reader/logged.fixture.ts";
import { objectPath } from "./reader/object-path.ts";
import { KEYS } from "./test-log.fixture.ts";

// A publisher is suspended while it writes objects; meanwhile others finish its work and redact one of them.

let state: MemoryState;
beforeEach(async () => {
  state = { objects: new Map(), lock: undefined };
  await createLedger(open(), KEYS);
  await append(0);
});
const open = () => openMemoryBackend(state);
const pathOf = (i: number) => objectPath(sha256Hex(objectOf(i)));

async function append(i: number, backend: LedgerBackend = open()): Promise<void> {
  const writer = await openLedgerWriter(backend, KEYS);
  await writer.append([formatLogEntry(logEntry(i))], [{ path: pathOf(i), bytes: objectOf(i) }]);
  await writer.settle();
}

async function redact(index: number): Promise<void> {
  const writer = await openLedgerWriter(open(), KEYS);
  const entry = logEntry(9, { kind: "redaction", redacts: index });
  await writer.append([formatLogEntry(entry)], [{ path: objectPath(entry.object), bytes: objectOf(9) }]);
  await writer.settle();
  await open().objects.remove(pathOf(index));
}

/** Stands still just before it writes that path for the first time. */
function suspendedAt(path: string, act: "putLazily" | "replaceLazily", meanwhile: () => Promise<void>) {
  const backend = open();
  let isFirst = true;
  const write: LedgerObjects["putLazily"] = async (at, bytes) => {
    const isDue = at === path && isFirst;
    if (isDue) isFirst = false;
    if (isDue) await meanwhile();
    await backend.objects[act](at, bytes);
  };
  return { ...backend, objects: { ...backend.objects, [act]: write } };
}

describe("what was redacted stays away", () => {
  it("though the writer that logged it wakes up and publishes it once more", async () => {
    let isGone = false;
    const suspended = suspendedAt(pathOf(1), "putLazily", async () => {
      await redact(1);
      isGone = !state.objects.has(pathOf(1));
    });
    await append(1, suspended);
    expect([isGone, state.objects.has(pathOf(1)), state.objects.has(pathOf(0))]).toEqual([true, false, true]);
  });

  it.each([false, true])(
    "though somebody who finished a dead writer's work wakes up (others appended since: %s)",
    async (isMore) => {
      const killed = new Error("killed");
      const putLazily = () => Promise.reject(killed);
      const dying = { ...open(), objects: { ...open().objects, putLazily } };
      await expect(append(1, dying)).rejects.toBe(killed);
      const suspended = suspendedAt(pathOf(1), "replaceLazily", async () => {
        await redact(1);
        if (isMore) await append(2);
      });
      await openLedgerWriter(suspended, KEYS);
      expect([state.objects.has(pathOf(1)), state.objects.has(pathOf(0))]).toEqual([false, true]);
    },
  );
});
