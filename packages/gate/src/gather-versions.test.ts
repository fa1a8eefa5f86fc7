// SPDX-License-Identifier: Apache-2.0
import { addEvidence, openRepository } from "@countersign/git";
import { createRepository } from "@countersign/testkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gatherVersions, readPushHistory } from "./gather-versions.ts";
import { formatPushRecord, PUSHES_REF, type PushRecord, parsePushRecord } from "./push-record.ts";

const id = (n: number) => n.toString(16).padStart(40, "0");
const NULL = id(0);
const BRANCH = "refs/heads/change";

async function versionsOf(
  rows: readonly (readonly [old: number, next: number, pusher: string, at: number])[],
  head: number,
) {
  await using repo = await createRepository();
  const repository = await openRepository(repo.path);
  const records = rows.map(([old, next, pusher, at]) =>
    formatPushRecord({ version: 1, ref: BRANCH, old: id(old), new: id(next), pusher, at }),
  );
  await addEvidence(repository, records, PUSHES_REF);
  const history = await readPushHistory(repository);
  const { heads, pushers } = await gatherVersions(repository, history, {
    head: id(head),
    reached: new Set([id(head)]),
  });
  return { heads: [...heads].sort(), pushers: pushers.map(({ login }) => login).sort() };
}

describe("the versions that a server recorded", () => {
  const rows = (step: number) =>
    [
      [0, 1, "senior", 1000],
      [1, 2, "author", 1000 + step],
      [2, 0, "author", 1000 + 2 * step],
      [0, 3, "second", 1000 + 3 * step],
    ] as const;

  it("are those of the life of the branch in which it reached the change", async () => {
    expect(await versionsOf(rows(1), 2)).toEqual({ heads: [id(1)], pushers: ["author", "senior"] });
    expect(await versionsOf(rows(1), 3)).toEqual({ heads: [], pushers: ["second"] });
  });

  it("leave nobody out where all happened within one second", async () => {
    expect(await versionsOf(rows(0), 2)).toEqual({
      heads: [id(1), id(3)],
      pushers: ["author", "second", "senior"],
    });
  });

  it("include everybody where records are missing in between", async () => {
    expect(
      await versionsOf(
        [
          [5, 6, "senior", 1],
          [8, 9, "author", 2],
        ],
        9,
      ),
    ).toEqual({ heads: [id(6)], pushers: ["author", "senior"] });
  });
});

describe("a push record", () => {
  it("comes back as it was written", () => {
    const record = fc.record({
      version: fc.constant(1 as const),
      ref: fc.constant(BRANCH),
      old: fc.constant(NULL),
      new: fc.nat().map(id),
      pusher: fc.option(fc.string()),
      at: fc.nat(),
    });
    fc.assert(
      fc.property(record, (value: PushRecord) => {
        expect(parsePushRecord(formatPushRecord(value))).toEqual(value);
      }),
    );
  });

  it("is refused with a code, whatever the bytes", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((text) => new TextEncoder().encode(text)),
        ),
        (bytes) => {
          expect(() => parsePushRecord(bytes)).toThrow(expect.objectContaining({ name: "CoreError" }));
        },
      ),
    );
  });
});
