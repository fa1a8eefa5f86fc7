// SPDX-License-Identifier: Apache-2.0
import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { sha256Hex } from "@countersign/core/ids";
import { createRepository, type TestRepository } from "@countersign/testkit";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import {
  addEvidence,
  EVIDENCE_REF,
  findLostEvidence,
  isEvidenceSuperset,
  MAX_ENVELOPE_BYTES,
  mergeEvidence,
  openRepository,
  PUSHES_REF,
  readEvidenceSet,
} from "./index.ts";

const bytes = (text: string) => new Uint8Array(Buffer.from(text));

/** Commits any tree under the evidence ref. */
function plant(
  repo: TestRepository,
  files: Record<string, string>,
  parents: readonly string[] = [],
): Promise<string> {
  return repo.commit({ message: "planted", files, parents, branch: EVIDENCE_REF });
}

const fileOf = (text: string) => `${sha256Hex(bytes(text)).slice(0, 2)}/${sha256Hex(bytes(text))}.json`;

describe.each(["sha1", "sha256"] as const)("in a %s repository", (objectFormat) => {
  it("gives back what was added, byte for byte, with sound objects and one commit each (fuzz)", async () => {
    await using repo = await createRepository({ objectFormat, bare: true });
    const opened = await openRepository(repo.path);
    const known = new Map<string, Uint8Array>();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 4 }), async (envelopes) => {
        const fresh = new Map(envelopes.map((one) => [sha256Hex(one), one]));
        const added = [...fresh.keys()].filter((name) => !known.has(name)).length;
        expect((await addEvidence(opened, envelopes)).added).toBe(added);
        for (const [name, one] of fresh) known.set(name, one);
        const set = await readEvidenceSet(opened);
        expect(set.problems).toEqual([]);
        expect([...set.envelopes.keys()].sort()).toEqual([...known.keys()].sort());
        for (const [name, one] of set.envelopes)
          expect(Buffer.from(one)).toEqual(Buffer.from(known.get(name) ?? []));
      }),
      { numRuns: 12 },
    );
    await repo.git(["fsck", "--strict", "--full"]);
  });

  it("makes the same commit from the same set on every machine", async () => {
    const tips = [];
    for (let n = 0; n < 2; n++) {
      await using repo = await createRepository({ objectFormat });
      tips.push((await addEvidence(await openRepository(repo.path), [bytes("a"), bytes("b")])).tip);
    }
    expect(tips[0]).toBe(tips[1]);
  });
});

it("adds nothing twice and changes no ref for nothing", async () => {
  await using repo = await createRepository();
  const opened = await openRepository(repo.path);
  expect(await addEvidence(opened, [])).toEqual({ tip: undefined, added: 0, problems: [] });
  const first = await addEvidence(opened, [bytes("a"), bytes("a")]);
  expect(first.added).toBe(1);
  expect(await addEvidence(opened, [bytes("a")])).toEqual({ ...first, added: 0 });
  expect((await readEvidenceSet(opened, [PUSHES_REF])).envelopes.size).toBe(0);
});

it("keeps sets of different refs apart, needs no identity and runs without a home", async () => {
  await using repo = await createRepository({ bare: true });
  await repo.git(["config", "user.useConfigOnly", "true"]);
  await repo.git(["config", "core.logAllRefUpdates", "always"]);
  vi.stubEnv("HOME", "/nonexistent");
  const opened = await openRepository(repo.path);
  await addEvidence(opened, [bytes("sign-off")]);
  await addEvidence(opened, [bytes("push")], PUSHES_REF);
  vi.unstubAllEnvs();
  expect([...(await readEvidenceSet(opened, [PUSHES_REF])).envelopes.keys()]).toEqual([
    sha256Hex(bytes("push")),
  ]);
  expect((await readEvidenceSet(opened, [EVIDENCE_REF, PUSHES_REF])).envelopes.size).toBe(2);
});

it("refuses an envelope that is too large and loses nothing", async () => {
  await using repo = await createRepository();
  const opened = await openRepository(repo.path);
  const { tip } = await addEvidence(opened, [new Uint8Array(MAX_ENVELOPE_BYTES)]);
  const huge = addEvidence(opened, [bytes("fine"), new Uint8Array(MAX_ENVELOPE_BYTES + 1)]);
  await expect(huge).rejects.toMatchObject({ code: "EVIDENCE_TOO_LARGE" });
  expect(await repo.id(EVIDENCE_REF)).toBe(tip);
});

describe("sets that somebody tampered with (T36)", () => {
  it("reports altered, oversized and unexpected files and still reads the rest", async () => {
    await using repo = await createRepository();
    await plant(repo, {
      [fileOf("good")]: "good",
      [fileOf("altered")]: "something else",
      [fileOf("x".repeat(MAX_ENVELOPE_BYTES + 1))]: "x".repeat(MAX_ENVELOPE_BYTES + 1),
      "README.md": "hello",
      [`00/${"f".repeat(64)}.json`]: "wrong folder",
      "deep/er/file.json": "x",
    });
    const set = await readEvidenceSet(await openRepository(repo.path));
    expect([...set.envelopes.keys()]).toEqual([sha256Hex(bytes("good"))]);
    expect(set.problems.map((problem) => problem.code).sort()).toEqual([
      "corrupt",
      "too-large",
      "unexpected-path",
      "unexpected-path",
      "unexpected-path",
    ]);
    expect(set.problems.every((problem) => problem.message !== "" && problem.commit.length === 40)).toBe(
      true,
    );
  });

  it("reports links and submodules under evidence names", async () => {
    await using repo = await createRepository();
    const files = { [fileOf("link")]: { symlink: "link" }, [fileOf("module")]: { gitlink: "1".repeat(40) } };
    await repo.commit({ message: "planted", files, parents: [], branch: EVIDENCE_REF });
    const set = await readEvidenceSet(await openRepository(repo.path));
    expect([set.envelopes.size, set.problems.map((problem) => problem.code)]).toEqual([
      0,
      ["unexpected-path", "unexpected-path"],
    ]);
  });

  it("heals a damaged file from a sound one, in either direction, and says what it does not carry on", async () => {
    await using repo = await createRepository();
    const opened = await openRepository(repo.path);
    const sound = (await addEvidence(opened, [bytes("a"), bytes("b")])).tip ?? "";
    const bad = await plant(repo, { [fileOf("a")]: "evil", stray: "x" });
    const healed = await mergeEvidence(opened, sound);
    expect(healed.problems.map((problem) => problem.path)).toEqual(["stray"]);
    expect(await readEvidenceSet(opened)).toMatchObject({ problems: [], envelopes: { size: 2 } });
    await mergeEvidence(opened, bad);
    expect((await readEvidenceSet(opened)).problems).toEqual([]);
    await addEvidence(opened, [bytes("a")]);
    expect((await readEvidenceSet(opened)).envelopes.size).toBe(2);
  });

  it("refuses a ref that is no commit", async () => {
    await using repo = await createRepository();
    await repo.git(["update-ref", EVIDENCE_REF, await repo.writeObject("blob", "x")]);
    const opened = await openRepository(repo.path);
    await expect(readEvidenceSet(opened)).rejects.toMatchObject({ code: expect.any(String) });
    await expect(addEvidence(opened, [bytes("a")])).rejects.toMatchObject({ code: expect.any(String) });
  });

  it("tells a tip that keeps everything from one that loses something", async () => {
    await using repo = await createRepository();
    const opened = await openRepository(repo.path);
    const one = (await addEvidence(opened, [bytes("a"), bytes("b")])).tip ?? "";
    const two = (await addEvidence(opened, [bytes("c")])).tip ?? "";
    const altered = await plant(repo, { [fileOf("a")]: "evil", [fileOf("b")]: "b" });
    const repaired = await plant(repo, { [fileOf("a")]: "a", [fileOf("b")]: "b" });
    expect(await isEvidenceSuperset(opened, one, two)).toBe(true);
    expect(await findLostEvidence(opened, two, one)).toEqual([sha256Hex(bytes("c"))]);
    expect(await findLostEvidence(opened, one, altered)).toEqual([sha256Hex(bytes("a"))]);
    expect(await isEvidenceSuperset(opened, altered, repaired)).toBe(true);
  });
});

const WRITER = fileURLToPath(new URL("add-evidence.fixture.ts", import.meta.url));

it("keeps what every one of eight writers at once adds", async () => {
  await using repo = await createRepository({ bare: true });
  const writers = Array.from({ length: 8 }, (_, n) =>
    spawn(process.execPath, [WRITER, repo.path, `w${n}`, "4"], { stdio: ["ignore", "ignore", "inherit"] }),
  );
  const codes = await Promise.all(writers.map(async (writer) => (await once(writer, "close"))[0]));
  expect(codes).toEqual(Array(8).fill(0));
  const set = await readEvidenceSet(await openRepository(repo.path));
  expect(set).toMatchObject({ problems: [], envelopes: { size: 32 } });
});

it("leaves a whole set behind when a writer is killed at any moment", async () => {
  await using repo = await createRepository({ bare: true });
  const opened = await openRepository(repo.path);
  for (let round = 0; round < 8; round++) {
    const writer = spawn(process.execPath, [WRITER, repo.path, `k${round}`, "1000"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let acknowledged = "";
    writer.stdout.on("data", (chunk: Buffer) => {
      acknowledged += chunk.toString();
    });
    const closed = once(writer, "close");
    await once(writer.stdout, "data");
    await sleep(round * 7);
    writer.kill("SIGKILL");
    await closed;
    const set = await readEvidenceSet(opened);
    expect(set.problems).toEqual([]);
    const lines = acknowledged.split("\n").slice(0, -1);
    const wanted = lines.map((line) =>
      sha256Hex(bytes(JSON.stringify({ name: line.split(" ")[0], n: Number(line.split(" ")[1]) }))),
    );
    expect(wanted.filter((name) => !set.envelopes.has(name))).toEqual([]);
  }
  await repo.git(["fsck", "--full"]);
  expect((await addEvidence(opened, [bytes("afterwards")])).added).toBe(1);
});

it("says what to look for when a dead process left a lock", async () => {
  await using repo = await createRepository({ bare: true });
  const opened = await openRepository(repo.path);
  await addEvidence(opened, [bytes("a")]);
  await repo.write(`${EVIDENCE_REF}.lock`, "");
  await expect(addEvidence(opened, [bytes("b")])).rejects.toMatchObject({
    code: "REF_CONTENDED",
    message: /evidence\.lock/,
  });
});

it("takes ten thousand envelopes at once", async () => {
  await using repo = await createRepository({ bare: true });
  const opened = await openRepository(repo.path);
  const many = Array.from({ length: 10_000 }, (_, n) =>
    bytes(JSON.stringify({ payload: "x".repeat(600), n })),
  );
  expect((await addEvidence(opened, many)).added).toBe(10_000);
  expect((await addEvidence(opened, [bytes("one more")])).added).toBe(1);
  expect((await readEvidenceSet(opened)).envelopes.size).toBe(10_001);
});
