// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { checkPromises, crashRepeatedly, createRandom, noPromises } from "../crash/crash-run.fixture.ts";
import { createLedger, openLedgerWriter } from "../ledger-writer.ts";
import { StoreError } from "../store-error.ts";
import { entryOf, KEYS, readWholeLog } from "../test-log.fixture.ts";
import { probeConditionalWrites } from "./probe-conditional-writes.ts";
import { openS3Backend } from "./s3-backend.ts";
import { parseS3Place } from "./s3-place.ts";
import { hasS3Server, S3_ENV, type S3Server, startS3Server } from "./s3-server.fixture.ts";

const QUICK = { delayMs: 1 };
const bytes = (text: string) => new Uint8Array(Buffer.from(text));
let server: S3Server;

beforeAll(async () => {
  if (hasS3Server) server = await startS3Server();
});
afterAll(async () => await server?.[Symbol.asyncDispose]());
beforeEach(() => {
  if (!hasS3Server) return;
  server.faultOf = () => undefined;
  server.keepsConditions = true;
});

describe.skipIf(!hasS3Server)("conditional writes, before the first entry", () => {
  it("are found where the server keeps them, and the trial leaves nothing behind", async () => {
    await probeConditionalWrites(server.place("probe-ok"), QUICK);
    expect(await openS3Backend(server.place("probe-ok")).objects.list("probe")).toEqual([]);
  });

  it("are missed where the server ignores them, before a log could fork", async () => {
    server.keepsConditions = false;
    await expect(probeConditionalWrites(server.place("probe-bad"), QUICK)).rejects.toThrow(
      "does not keep If-None-Match on writes; two writers would fork the log",
    );
    const backend = openS3Backend(server.place("probe-bad"), QUICK);
    await expect(createLedger(backend, KEYS)).rejects.toThrow("does not keep If-None-Match");
    expect(await backend.lock.fetch()).toBeUndefined();
  });
});

describe.skipIf(!hasS3Server)("a log in a bucket", () => {
  it("loses nothing and forks nowhere when its writer dies at any call, 8 times", async () => {
    const open = () => openS3Backend(server.place("crash"), QUICK);
    expect(await crashRepeatedly({ open, seed: 5, kills: 8, isReadableAtOnce: true })).toBeGreaterThan(8);
  });

  it("keeps what it acknowledged over lost answers, dropped requests, 409 and 503", async () => {
    const backend = openS3Backend(server.place("faults"), { ...QUICK, tries: 12 });
    await createLedger(backend, KEYS);
    const random = createRandom(6);
    server.faultOf = () => {
      const fate = random();
      return fate < 0.1 ? "lose" : fate < 0.15 ? "drop" : fate < 0.2 ? 503 : fate < 0.25 ? 409 : undefined;
    };
    const promises = noPromises();
    let writer = await openLedgerWriter(backend, KEYS);
    for (let i = 0; i < 16; i++) {
      const index = await writer.append([entryOf(i)], []);
      promises.acknowledged.set(index, `entry ${i}`);
      if (i % 5 === 4) writer = await openLedgerWriter(backend, KEYS);
    }
    expect(await checkPromises(backend, promises)).toBe(16);
  });

  it("lets one of two writers win, and the other append after a reload; nothing is lost", async () => {
    const open = () => openS3Backend(server.place("two"), QUICK);
    await createLedger(open(), KEYS);
    const append = async (name: string) => {
      const writer = await openLedgerWriter(open(), KEYS);
      for (let i = 0; i < 5; ) {
        try {
          await writer.append([entryOf(`${name} ${i}`)], []);
          i++;
        } catch (error) {
          if (!(error instanceof StoreError && error.code === "CONTENDED")) throw error;
          await writer.reload();
        }
      }
      await writer.settle();
    };
    await Promise.all([append("a"), append("b")]);
    await openLedgerWriter(open(), KEYS);
    const { entries } = await readWholeLog(open());
    const expected = ["a", "b"].flatMap((name) => Array.from({ length: 5 }, (_, i) => `entry ${name} ${i}`));
    expect([...entries].sort()).toEqual(expected.sort());
  });

  it("does not say that another was first when its own writing may have been carried out", async () => {
    const backend = openS3Backend(server.place("unsure"), QUICK);
    await backend.lock.create(bytes("0"));
    const seen = await backend.lock.fetch();
    if (seen === undefined) throw new Error("the register is empty");
    let lost = 0;
    server.faultOf = (method, path) =>
      method === "PUT" && path.endsWith("/register") && lost++ === 0 ? "lose" : undefined;
    // The answer was lost; the mark in the register tells that it was ours.
    expect(await backend.lock.replace(seen, bytes("1"))).toBe(true);
    const next = await backend.lock.fetch();
    if (next === undefined) throw new Error("the register is empty");
    expect(await backend.lock.replace(next, bytes("2"))).toBe(true);
    let puts = 0;
    server.faultOf = (method, path) =>
      method === "PUT" && path.endsWith("/register") && puts++ === 0 ? "drop" : undefined;
    // The first attempt may have been carried out and built upon since: nobody can tell any more.
    await expect(backend.lock.replace(next, bytes("3"))).rejects.toThrow("look before appending it again");
    expect((await backend.lock.fetch())?.bytes).toEqual(bytes("2"));
  });
});

describe.skipIf(!hasS3Server)("what a bucket's server refuses", () => {
  it("is told as what to do, and never with a secret", async () => {
    const at = (address: string, env = S3_ENV) =>
      openS3Backend(parseS3Place(address, env), { ...QUICK, tries: 2 });
    const missing = server.address("x").replace("ledgers", "nowhere");
    await expect(at(missing).objects.get("a")).rejects.toThrow(
      "the bucket does not exist; make it first [NoSuchBucket]",
    );
    const wrong = { ...S3_ENV, AWS_SECRET_ACCESS_KEY: "not-this-one" };
    await expect(at(server.address("x"), wrong).objects.put("a", bytes("x"))).rejects.toThrow(
      "see AWS_SECRET_ACCESS_KEY [SignatureDoesNotMatch]",
    );
    server.faultOf = () => 403;
    const refused = at(server.address("x")).objects.put("a", bytes("x"));
    await expect(refused).rejects.toThrow("the server refuses (status 403) [SlowDown]");
    await expect(refused).rejects.not.toThrow(S3_ENV.AWS_SECRET_ACCESS_KEY);
    server.faultOf = () => 501;
    await expect(at(server.address("x")).objects.get("a")).rejects.toThrow("(status 501)");
    server.faultOf = () => 503;
    await expect(at(server.address("x")).objects.get("a")).rejects.toThrow(
      "does not answer (status 503, 2 attempts)",
    );
    server.faultOf = () => "drop";
    await expect(at(server.address("x")).objects.get("a")).rejects.toThrow(
      "does not answer (no connection, 2 attempts)",
    );
  });

  it.each([
    ["s3://key:secret@bucket/x", "must look like s3://bucket/prefix"],
    ["s3://bucket/../x", "must look like s3://bucket/prefix"],
    ["s3://bucket/x?endpoint=http://example.com", "must be an https:// address"],
    ["s3://bucket/x?endpoint=https://u:p@example.com", "without credentials in it"],
    ["s3://bucket/x?secret=1", "takes only ?endpoint= and ?region="],
  ])("%s is no place: %s", (address, why) => {
    expect(() => parseS3Place(address, S3_ENV)).toThrow(why);
  });

  it("asks for credentials by their names", () => {
    expect(() => parseS3Place("s3://bucket/x", {})).toThrow(
      "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
    );
  });
});
