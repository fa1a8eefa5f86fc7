// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from "node:child_process";
import { chmod, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { formatVerifierKey } from "@countersign/core/ledger";
import { openMirror } from "@countersign/gate";
import { isAncestor, LEDGER_REF, openRepository, type Repository, readRef } from "@countersign/git";
import { createTemporaryFolder, type TestRepository } from "@countersign/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readAll } from "../../store/src/reader/logged.fixture.ts";
import { openLedger } from "./index.ts";
import { createMirroredLog, type MirroredLog, openMirrored } from "./mirror-log.fixture.ts";

// Git itself is killed here, with SIGKILL, while it moves the mirror's ref; mirrors that die between calls are in mirror-crash.fixture.ts.

const TRACKING = "refs/countersign-remotes/0123456789abcdef/countersign/ledger";

let mirrored: MirroredLog;
let git: string;
beforeEach(async () => {
  mirrored = await createMirroredLog(3);
  git = execFileSync("sh", ["-c", "command -v git"]).toString().trim();
  await mirrored.mirror();
  await mirrored.grow(3, 5);
});
afterEach(() => mirrored[Symbol.asyncDispose]());

/** `prepared`: the ref is locked and not moved; `committed`: it is moved and nobody was told. Git waits for its hook, and dies. */
async function killIn(gitDir: string, state: "prepared" | "committed"): Promise<() => Promise<void>> {
  const hook = join(gitDir, "hooks/reference-transaction");
  const script = `#!/bin/sh\n[ "$1" = ${state} ] && grep -q ' ${LEDGER_REF}$' && kill -KILL $PPID\nexit 0\n`;
  await writeFile(hook, script);
  await chmod(hook, 0o755);
  return () => rm(hook);
}

/** What a reader finds who has seen nothing yet and knows the log's key only: whole, and no shorter than before. */
async function readSize(repository: Repository): Promise<number> {
  const tip = (await readRef(repository, LEDGER_REF)) ?? "";
  const trust = { verifierKey: formatVerifierKey(mirrored.log.signer.key) };
  const ledger = await openLedger({ backend: openMirror(repository, tip, LEDGER_REF), trust });
  const { treeSize } = ledger.checkpoint;
  expect(await readAll(ledger)).toHaveLength(treeSize);
  return treeSize;
}

async function listLocks({ gitDir }: Repository): Promise<readonly string[]> {
  const names = await readdir(join(gitDir, "refs/countersign"), { recursive: true });
  return names.filter((name) => name.endsWith(".lock"));
}

describe("git fast-import, killed while it moves the mirror's ref", () => {
  it("before the ref moved: the mirror is the one before, the next says which lock is in the way, and goes on", async () => {
    const { repository, mirror } = mirrored;
    const before = await readRef(repository, LEDGER_REF);
    const heal = await killIn(repository.gitDir, "prepared");
    await expect(mirror()).rejects.toThrow("fast-import");
    await heal();
    expect(await readRef(repository, LEDGER_REF)).toBe(before);
    expect(await readSize(repository)).toBe(3);
    // This clone has seen the log itself, and a mirror that is behind it is nothing to judge by.
    await expect(openMirrored(repository, mirrored.log)).rejects.toThrow("is behind: it holds 3 entries");
    // Git leaves its lock, as after every death of a git; who knows that nobody runs takes it away.
    expect(await listLocks(repository)).toEqual(["ledger.lock"]);
    await expect(mirror()).rejects.toThrow(/ledger\.lock/);
    expect(await readSize(repository)).toBe(3);
    await rm(join(repository.gitDir, `${LEDGER_REF}.lock`));
    await mirror();
    expect(await readSize(repository)).toBe(5);
    expect(await isAncestor(repository, before ?? "", (await readRef(repository, LEDGER_REF)) ?? "")).toBe(
      true,
    );
    await mirrored.repo.git(["fsck", "--strict"]);
  });

  it("after it moved and before anybody was told: the mirror is the new one, and the next has nothing to do", async () => {
    const { repository, mirror } = mirrored;
    const before = await readRef(repository, LEDGER_REF);
    const heal = await killIn(repository.gitDir, "committed");
    await expect(mirror()).rejects.toThrow("fast-import");
    await heal();
    const after = await readRef(repository, LEDGER_REF);
    expect(await isAncestor(repository, before ?? "", after ?? "")).toBe(true);
    expect(await readSize(repository)).toBe(5);
    expect(await listLocks(repository)).toEqual([]);
    await mirror();
    expect(await readRef(repository, LEDGER_REF)).toBe(after);
  });

  it("at any moment of its work: whole and never behind, time after time", async () => {
    await using shim = await createTemporaryFolder();
    const { repository, mirror } = mirrored;
    const path = process.env.PATH;
    let size = 3;
    try {
      for (const [round, delay] of [0, 0.002, 0.004, 0.006, 0.009, 0.013, 0.02, 0.04].entries()) {
        await mirrored.grow(5 + round, 6 + round);
        await writeFile(
          join(shim.path, "git"),
          `#!/bin/sh\ncase "$*" in *fast-import*) ;; *) exec '${git}' "$@" ;; esac\nexec 3<&0\n'${git}' "$@" <&3 & it=$!\nsleep ${delay}; kill -KILL $it 2>/dev/null\nwait $it\n`,
        );
        await chmod(join(shim.path, "git"), 0o755);
        process.env.PATH = `${shim.path}:${path}`;
        // Killed or just done: who asks cannot know, and the mirror has to be right in both.
        await mirror().catch(() => undefined);
        process.env.PATH = path;
        await rm(join(repository.gitDir, `${LEDGER_REF}.lock`), { force: true });
        const now = await readSize(repository);
        expect(now).toBeGreaterThanOrEqual(size);
        size = now;
      }
    } finally {
      process.env.PATH = path;
    }
    await mirror();
    expect(await readSize(repository)).toBe(13);
    await mirrored.repo.git(["fsck", "--strict"]);
  });
});

describe("git update-ref, killed while it moves the ref to a mirror that a fetch brought", () => {
  let clone: TestRepository;
  let repository: Repository;
  beforeEach(async () => {
    await mirrored.mirror();
    clone = await mirrored.repo.clone(["--no-local"]);
    await clone.git(["fetch", "--quiet", "origin", `+${LEDGER_REF}:${TRACKING}`]);
    repository = await openRepository(clone.path);
  });
  afterEach(() => clone.remove());

  it("before it moved: the call says which lock is in the way, the ref is as before, and the next call ends the work", async () => {
    const heal = await killIn(repository.gitDir, "prepared");
    await expect(mirrored.mirror(repository)).rejects.toThrow(/ledger\.lock/);
    await heal();
    expect(await readRef(repository, LEDGER_REF)).toBeUndefined();
    await rm(join(repository.gitDir, `${LEDGER_REF}.lock`));
    await mirrored.mirror(repository);
    expect(await readRef(repository, LEDGER_REF)).toBe(await readRef(repository, TRACKING));
    expect(await readSize(repository)).toBe(5);
  });

  it("after it moved: the same call looks again and finds its work done", async () => {
    const heal = await killIn(repository.gitDir, "committed");
    await mirrored.mirror(repository);
    await heal();
    expect(await readRef(repository, LEDGER_REF)).toBe(await readRef(repository, TRACKING));
    expect(await readSize(repository)).toBe(5);
  });
});
