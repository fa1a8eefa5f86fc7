// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createLedger, openLedgerWriter } from "../ledger-writer.ts";
import type { LedgerBackend } from "../ports.ts";
import { openLedger } from "../reader/open-ledger.ts";
import { entryOf, KEYS, readWholeLog } from "../test-log.fixture.ts";
import { openS3Backend } from "./s3-backend.ts";
import { createS3Client } from "./s3-client.ts";
import { type Fault, hasS3Server, type S3Server, startS3Server } from "./s3-server.fixture.ts";

// Whoever runs the bucket's server can answer what they like. They must not get the log's key to sign a second history, nor an entry
// acknowledged that is not kept.

const TRUST = { log: KEYS.log, witnesses: [], quorum: 0 };
let server: S3Server;

beforeAll(async () => {
  if (hasS3Server) server = await startS3Server();
});
afterAll(async () => await server?.[Symbol.asyncDispose]());
beforeEach(() => {
  if (!hasS3Server) return;
  server.faultOf = () => undefined;
});

const on = (verb: string, name: string, fault: Fault) => {
  server.faultOf = (method, path) => (method === verb && path.includes(`/${name}`) ? fault : undefined);
};

async function createLog(name: string, entries: number) {
  const place = server.place(name);
  const open = (): LedgerBackend => openS3Backend(place, { delayMs: 1, tries: 2 });
  await createLedger(open(), KEYS);
  const writer = await openLedgerWriter(open(), KEYS);
  for (let i = 0; i < entries; i++) await writer.append([entryOf(i)], []);
  const raw = async (key: string) => (await createS3Client(place, { tries: 1 })({ method: "GET", key })).body;
  return { open, writer, raw };
}

describe.skipIf(!hasS3Server)("a hostile server", () => {
  it("that answers with an old register has nothing signed by a writer who knows more", async () => {
    const { open, writer, raw } = await createLog("old", 1);
    const old = await raw("register");
    await writer.append([entryOf(1)], []);
    const seen = writer.state().checkpoint;
    on("GET", "register", old);
    await expect(openLedgerWriter(open(), KEYS, seen)).rejects.toMatchObject({
      code: "LEDGER_ROLLED_BACK",
      evidence: [{ text: seen.note }, { label: "checkpoint shown now" }],
    });
    await expect(writer.reload()).rejects.toMatchObject({ code: "LEDGER_ROLLED_BACK" });
    server.faultOf = () => undefined;
    expect((await readWholeLog(open())).entries, "nothing older was published").toHaveLength(2);
  });

  it("that answers with another register of the same key is found out: two writers were set against each other", async () => {
    const { open } = await createLog("fork-a", 3);
    const { writer, raw } = await createLog("fork-b", 0);
    for (let i = 0; i < 4; i++) await writer.append([entryOf(`other ${i}`)], []);
    const { checkpoint } = (await openLedgerWriter(open(), KEYS)).state();
    on("GET", "fork-a/register", await raw("register"));
    await expect(openLedgerWriter(open(), KEYS, checkpoint)).rejects.toThrow();
    server.faultOf = () => undefined;
    expect((await readWholeLog(open())).entries).toHaveLength(3);
  });

  it("that says yes to a write which it does not keep gets no entry acknowledged", async () => {
    const { open, writer } = await createLog("yes", 1);
    on("PUT", "register", 200);
    await expect(writer.append([entryOf(1)], [])).rejects.toMatchObject({ code: "LEDGER_ROLLED_BACK" });
    server.faultOf = () => undefined;
    await openLedgerWriter(open(), KEYS);
    expect((await readWholeLog(open())).entries).toHaveLength(1);
  });

  it("that says no to a write which it did keep costs a reload, and doubles nothing", async () => {
    const { open, writer } = await createLog("no", 1);
    on("PUT", "register", "deny");
    await expect(writer.append([entryOf(1)], [])).rejects.toMatchObject({ code: "CONTENDED" });
    server.faultOf = () => undefined;
    expect((await writer.reload()).checkpoint.treeSize).toBe(2);
    expect(await writer.append([entryOf(2)], [])).toBe(2);
    expect((await readWholeLog(open())).entries).toEqual(["entry 0", "entry 1", "entry 2"]);
  });

  it("that cuts off or replaces what it answers is found out, by name", async () => {
    const { open, raw } = await createLog("cut", 3);
    const read = () => openLedger({ backend: open(), trust: TRUST, memory: null });
    const write = () => openLedgerWriter(open(), KEYS);
    const register = await raw("register");
    for (const bytes of [register.slice(0, 20), register.slice(0, 60), register.slice(0, -20)]) {
      on("GET", "register", bytes);
      await expect(write()).rejects.toThrow(/damaged|malformed|signed note|expected/i);
    }
    const tile = await raw("tile/0/000.p/3");
    for (const bytes of [
      tile.slice(0, 64),
      tile.slice(0, 65),
      await raw("tile/0/000.p/2"),
      new Uint8Array(96),
    ]) {
      on("GET", "tile/0/000.p/3", bytes);
      await expect(read()).rejects.toMatchObject({ code: "LEDGER_DAMAGED" });
      await expect(write()).rejects.toThrow();
    }
    const staging = (await open().objects.list("staging"))[0] ?? "";
    const staged = await raw(`staging/${staging}`);
    on("GET", "staging/", staged.slice(0, -1));
    await expect(write()).rejects.toMatchObject({ code: "STAGING_DAMAGED" });
  });
});
