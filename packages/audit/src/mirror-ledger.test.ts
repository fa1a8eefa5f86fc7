// SPDX-License-Identifier: Apache-2.0
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { formatVerifierKey, parseTlogProof } from "@countersign/core/ledger";
import { LEDGER_REF, openRepository, pushMirror } from "@countersign/git";
import { createNoteKey, publishCosigned } from "@countersign/store";
import { createRepository, createTemporaryFolder } from "@countersign/testkit";
import { describe, expect, it } from "vitest";
import { logEntry, readAll } from "../../store/src/reader/logged.fixture.ts";
import { openLedger } from "./index.ts";
import { crashMirror } from "./mirror-crash.fixture.ts";
import { compareMirrored, mirrorLedger } from "./mirror-ledger.ts";
import { cloneMirror, createMirroredLog, forkLog, openMirrored, redactIn } from "./mirror-log.fixture.ts";
import { cosignCheckpoint } from "./witness-log.ts";

describe("a mirror of a log", () => {
  it.each(["sha1", "sha256"] as const)(
    "is a chain of one commit for each checkpoint, from which a clone reads and proves all (%s)",
    async (format) => {
      await using mirrored = await createMirroredLog(5, format);
      const { log, repo, mirror, grow } = mirrored;
      const first = await mirror();
      expect(first).toMatchObject({ treeSize: 5, before: null, replaced: [], foreign: [] });
      await grow(5, 300);
      await redactIn(log, 1, 300);
      const second = await mirror();
      expect(second).toMatchObject({ treeSize: 301, before: 5, replaced: [] });
      expect(await repo.git(["rev-list", "--parents", LEDGER_REF])).toBe(
        `${second.commit} ${first.commit}\n${first.commit}`,
      );
      expect(await mirror(), "nothing new is no commit").toMatchObject({ commit: second.commit });
      const paths = (await repo.git(["ls-tree", "-r", "--name-only", LEDGER_REF])).split("\n");
      expect(paths.filter((path) => !path.startsWith("objects/"))).toEqual([
        "checkpoint",
        "log.vkey",
        "tile/0/000",
        "tile/0/001.p/45",
        "tile/1/000.p/1",
        "tile/entries/000",
        "tile/entries/001.p/45",
      ]);
      expect(
        paths.filter((path) => path.startsWith("objects/")),
        "the reason, and no object",
      ).toHaveLength(1);
      await using clone = await cloneMirror(mirrored);
      const ledger = await openMirrored(await openRepository(clone.path), log);
      expect(await readAll(ledger)).toEqual(await readAll(await log.open()));
      expect(await ledger.prove(299)).toBe(await (await log.open()).prove(299));
      expect(parseTlogProof(await ledger.prove(0)).index).toBe(0);
      expect(await ledger.object(logEntry(1).object)).toBe("redacted");
      await repo.git(["fsck", "--strict"]);
    },
  );

  it("is read where a clone has no log of its own, and by its name", async () => {
    await using mirrored = await createMirroredLog(3);
    await mirrored.mirror();
    await using clone = await cloneMirror(mirrored);
    const repository = await openRepository(clone.path);
    expect((await openLedger({ repository })).checkpoint.treeSize).toBe(3);
    await expect(openLedger({ repository, dir: "ref:refs/countersign/other" })).rejects.toThrow(
      "there is no refs/countersign/other in this repository",
    );
  });

  it("comes with a plain fetch, and is found where only that brought it", async () => {
    await using mirrored = await createMirroredLog(3);
    await mirrored.mirror();
    await using clone = await mirrored.repo.clone();
    const tracking = `refs/countersign-remotes/0123456789abcdef/countersign/ledger`;
    await clone.git(["fetch", "--quiet", "origin", `+${LEDGER_REF}:${tracking}`]);
    const repository = await openRepository(clone.path);
    expect((await openLedger({ repository })).checkpoint.treeSize).toBe(3);
  });

  it("carries cosignatures, so that a clone can ask for a quorum of witnesses", async () => {
    await using mirrored = await createMirroredLog(4);
    await using folder = await createTemporaryFolder();
    const { log, mirror, grow } = mirrored;
    const witnesses: string[] = [];
    for (const name of ["w1", "w2"]) {
      const signer = createNoteKey(join(folder.path, name), `witness.example/${name}`, "cosignature");
      witnesses.push(formatVerifierKey(signer.key));
      const { note } = (await log.open()).checkpoint;
      const witness = { signer, folder: join(folder.path, name) };
      await publishCosigned(
        log.backend,
        await cosignCheckpoint(witness, { log: log.signer.key, note, proof: [] }, () => 1_780_000_000),
      );
    }
    await grow(4, 300);
    await mirror();
    await using clone = await cloneMirror(mirrored);
    const repository = await openRepository(clone.path);
    // The newest entries first, without asking anybody: what witnesses signed is older, and no rollback.
    expect((await openMirrored(repository, log)).checkpoint.treeSize).toBe(300);
    const ledger = await openMirrored(repository, log, { witnesses, quorum: 2 });
    expect(ledger.checkpoint).toMatchObject({ treeSize: 4, cosigned: [{}, {}] });
    expect(await readAll(ledger)).toHaveLength(4);
    await expect(
      openMirrored(repository, log, { witnesses: witnesses.slice(0, 1), quorum: 2 }),
    ).rejects.toMatchObject({ code: "QUORUM_MISSING" });
  });
});

describe("mirroring refuses, and leaves the mirror as it was", () => {
  it("a fork, as long or longer, with both checkpoints", async () => {
    await using mirrored = await createMirroredLog(5);
    const { log, repository, repo, mirror } = mirrored;
    const { commit } = await mirror();
    await using fork = await forkLog(log, 9);
    await using twin = await forkLog(log, 5);
    // Another machine, which has never seen the log itself.
    await using clone = await cloneMirror(mirrored);
    const trust = { verifierKey: formatVerifierKey(log.signer.key) };
    const refused = mirrorLedger({ repository: await openRepository(clone.path), dir: fork.dir, trust });
    await expect(refused).rejects.toMatchObject({
      code: "LEDGER_FORKED",
      message: expect.stringContaining("its 9 entries do not continue the 5 that the mirror holds"),
    });
    const { evidence } = await refused.catch((error) => error);
    expect(evidence[0]).toMatchObject({ label: "checkpoint in the mirror" });
    expect(evidence[0].text).toContain("example.com/test-log\n5\n");
    expect(evidence[1].text).toContain("example.com/test-log\n9\n");
    expect(await clone.id(LEDGER_REF)).toBe(commit);
    // And here, where the log was seen.
    await expect(mirrorLedger({ repository, dir: twin.dir, trust })).rejects.toMatchObject({
      code: "LEDGER_FORKED",
    });
    expect(await repo.id(LEDGER_REF)).toBe(commit);
  });

  it("a log that was rolled back, and one that is damaged", async () => {
    await using mirrored = await createMirroredLog(300);
    const { log, mirror, grow, repo } = mirrored;
    await using short = await forkLog(log, 3);
    const { commit } = await mirror();
    await using clone = await cloneMirror(mirrored);
    const trust = { verifierKey: formatVerifierKey(log.signer.key) };
    await expect(
      mirrorLedger({ repository: await openRepository(clone.path), dir: short.dir, trust }),
    ).rejects.toMatchObject({
      code: "LEDGER_ROLLED_BACK",
      message: expect.stringContaining("the mirror holds 300 of its entries, and it shows 3 now"),
    });
    await grow(300, 310);
    await writeFile(join(log.dir, "tile/entries/000"), "x");
    await expect(mirror()).rejects.toMatchObject({ code: "LEDGER_DAMAGED" });
    expect(await repo.id(LEDGER_REF)).toBe(commit);
  });

  it("a ref that is no mirror of this log", async () => {
    await using mirrored = await createMirroredLog(2);
    const { repo, mirror } = mirrored;
    const commit = await repo.commit({ message: "x\n", files: { "a.txt": "a\n" } });
    await repo.git(["update-ref", LEDGER_REF, commit]);
    await expect(mirror()).rejects.toThrow("is no mirror of this log: it holds no checkpoint");
    await using other = await createMirroredLog(2);
    await other.mirror();
    await repo.git(["fetch", "--quiet", other.repo.path, `+${LEDGER_REF}:${LEDGER_REF}`]);
    await expect(mirror()).rejects.toThrow("is no mirror of this log");
    await expect(compareMirrored(mirrored.repository, await mirrored.log.open())).rejects.toMatchObject({
      code: "LEDGER_DAMAGED",
    });
  });
});

it("a mirror that dies at any of its calls to Git leaves the ref where it was, or at a whole mirror", async () => {
  expect(await crashMirror({ seed: 7, kills: 12 })).toBeGreaterThan(3);
});

describe("two mirrors", () => {
  it("at once in one repository both succeed, and neither takes the other's commit away", async () => {
    await using mirrored = await createMirroredLog(3);
    const { repo, mirror, grow } = mirrored;
    const before = await mirror();
    const all = await Promise.all([mirror(), grow(3, 6).then(() => mirror()), mirror()]);
    await mirror();
    const chain = (await repo.git(["rev-list", LEDGER_REF])).split("\n");
    expect(chain.at(-1)).toBe(before.commit);
    for (const { commit } of all) expect(chain).toContain(commit);
    expect(await repo.git(["show", `${LEDGER_REF}:checkpoint`])).toContain("\n6\n");
  });

  it("in two clones go on from one state, and the log itself brings them together, forward only", async () => {
    await using mirrored = await createMirroredLog(3);
    const { log, repo, mirror, grow } = mirrored;
    await mirror();
    await using server = await createRepository({ bare: true });
    const here = await openRepository(repo.path);
    await pushMirror(here, server.path);
    await using clone = await cloneMirror(mirrored);
    const there = await openRepository(clone.path);
    await grow(3, 4);
    const own = await mirror();
    await grow(4, 5);
    const other = await mirror(there);
    await pushMirror(there, server.path);
    await expect(pushMirror(here, server.path)).rejects.toMatchObject({ code: "MIRROR_APART" });
    expect(await server.id(LEDGER_REF), "the server's is untouched").toBe(other.commit);
    const joined = await mirror();
    const parents = (await repo.git(["rev-list", "-1", "--parents", LEDGER_REF])).split(" ").slice(1);
    expect(parents.toSorted()).toEqual([own.commit, other.commit].toSorted());
    await pushMirror(here, server.path);
    expect(await server.id(LEDGER_REF)).toBe(joined.commit);
    expect((await openMirrored(here, log)).checkpoint.treeSize).toBe(5);
  });
});

describe("a reader of a mirror finds", () => {
  it("a ref that was moved backwards, and a mirror that is behind the log", async () => {
    await using mirrored = await createMirroredLog(3);
    const { log, repo, repository, mirror, grow } = mirrored;
    const first = await mirror();
    await grow(3, 5);
    const second = await mirror();
    await using clone = await cloneMirror(mirrored);
    const there = await openRepository(clone.path);
    await openMirrored(there, log);
    await clone.git(["update-ref", LEDGER_REF, first.commit]);
    await expect(openMirrored(there, log)).rejects.toMatchObject({
      code: "LEDGER_ROLLED_BACK",
      evidence: [{ label: "checkpoint seen before" }, { label: "checkpoint shown now" }],
    });
    await clone.git(["update-ref", LEDGER_REF, second.commit]);
    expect((await openMirrored(there, log)).checkpoint.treeSize).toBe(5);
    await grow(5, 8);
    await openLedger({ dir: log.dir, repository });
    await expect(openMirrored(repository, log)).rejects.toMatchObject({
      code: "LEDGER_BEHIND",
      message: expect.stringContaining("it holds 5 entries of the log, of which 8 were seen here"),
    });
    expect(await repo.id(LEDGER_REF)).toBe(second.commit);
  });

  it("a tile that somebody replaced, which the next mirroring names and mends", async () => {
    await using mirrored = await createMirroredLog(300);
    const { log, repo, repository, mirror } = mirrored;
    await mirror();
    const bundle = new Uint8Array(
      (await repo.tryGit(["cat-file", "blob", `${LEDGER_REF}:tile/entries/000`])).stdout,
    );
    bundle[500] = (bundle[500] ?? 0) ^ 1;
    await repo.commit({ branch: LEDGER_REF, message: "mine\n", files: { "tile/entries/000": bundle } });
    await expect(openMirrored(repository, log).then(readAll)).rejects.toMatchObject({
      code: "LEDGER_DAMAGED",
      message: expect.stringContaining("tile/entries/000"),
    });
    expect(await mirror()).toMatchObject({ replaced: ["tile/entries/000"] });
    expect(await openMirrored(repository, log).then(readAll)).toHaveLength(300);
  });

  it("names in a tree that would be commands to whoever rewrites it are only names", async () => {
    await using mirrored = await createMirroredLog(3);
    const { log, repo, repository, mirror } = mirrored;
    const { commit } = await mirror();
    const blob = await repo.writeObject("blob", "x");
    const rows = (await repo.git(["ls-tree", LEDGER_REF])).split("\n");
    const evil = `100644 blob ${blob}\tz\nM 100644 ${blob} checkpoint`;
    const tree = await repo.git(["mktree", "-z"], { input: `${[...rows, evil].join("\0")}\0` });
    const planted = await repo.git(["commit-tree", "-p", commit, "-m", "x", tree]);
    await repo.git(["update-ref", LEDGER_REF, planted]);
    await mirror();
    expect((await openMirrored(repository, log)).checkpoint.treeSize).toBe(3);
    expect(await repo.git(["ls-tree", "--name-only", LEDGER_REF])).toBe("checkpoint\nlog.vkey\ntile");
  });

  it("an object that is not here, or not what its id says; and none in a shallow clone", async () => {
    await using mirrored = await createMirroredLog(300);
    const { log, repo, repository, mirror, grow } = mirrored;
    await mirror();
    await grow(300, 301);
    await mirror();
    await using shallow = await cloneMirror(mirrored, ["--depth=1"]);
    expect(await openMirrored(await openRepository(shallow.path), log).then(readAll)).toHaveLength(301);
    const fileOf = (id: string) => join(repo.path, ".git/objects", id.slice(0, 2), id.slice(2));
    const [bundle, tile] = [
      await repo.git(["rev-parse", `${LEDGER_REF}:tile/entries/000`]),
      await repo.git(["rev-parse", `${LEDGER_REF}:tile`]),
    ];
    await rm(fileOf(bundle));
    await expect(openMirrored(repository, log).then(readAll)).rejects.toMatchObject({
      code: "STORE_UNUSABLE",
      message: expect.stringContaining(bundle),
    });
    const other = await repo.id(LEDGER_REF);
    await rm(fileOf(tile));
    await writeFile(fileOf(tile), await readFile(fileOf(other)));
    await expect(openMirrored(repository, log)).rejects.toMatchObject({
      code: "LEDGER_DAMAGED",
      message: expect.stringContaining(tile),
    });
  });
});
