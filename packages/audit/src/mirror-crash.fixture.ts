// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from "node:child_process";
import { chmod, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { formatVerifierKey } from "@countersign/core/ledger";
import { openMirror } from "@countersign/gate";
import { isAncestor, LEDGER_REF, readRef } from "@countersign/git";
import { createTemporaryFolder } from "@countersign/testkit";
import { createRandom } from "../../store/src/crash/crash-run.fixture.ts";
import { readAll } from "../../store/src/reader/logged.fixture.ts";
import { openLedger } from "./index.ts";
import { createMirroredLog, type MirroredLog } from "./mirror-log.fixture.ts";

// A mirror that dies at any of its calls to Git, for tests and `npm run fuzz:ledger`; no product code imports this file.

/**
 * Git, until its time has come: then the call is never made, made and never answered, or its input ends in the middle, as it does when the
 * writer dies. From then on nothing happens any more. A reader that waits for more questions is never made at all: it would wait for ever.
 */
const SHIM = `#!/bin/sh
left=$(cat '@/left' 2>/dev/null)
if [ -z "$left" ]; then exec '@git' "$@"; fi
if [ "$left" -gt 0 ]; then echo $((left - 1)) > '@/left'; exec '@git' "$@"; fi
how=$(cat '@/how'); echo before > '@/how'
case "$how $*" in
  before*|*' cat-file '*) ;;
  cut*fast-import*|cut*unpack-objects*|cut*index-pack*)
    head -c "$(cat '@/bytes')" | '@git' "$@" >/dev/null 2>&1 ;;
  *) '@git' "$@" >/dev/null 2>&1 ;;
esac
exit 137
`;

export interface MirrorCrashes {
  readonly seed: number;
  readonly kills: number;
}

/** Kills mirrors; throws where the ref then names anything but a whole mirror that contains what it named before. Returns commits made. */
export async function crashMirror({ seed, kills }: MirrorCrashes): Promise<number> {
  const random = createRandom(seed);
  await using mirrored = await createMirroredLog(3);
  await using shim = await createTemporaryFolder();
  const git = execFileSync("sh", ["-c", "command -v git"]).toString().trim();
  const text = SHIM.replaceAll("@git", git).replaceAll("@/", `${shim.path}/`);
  await writeFile(join(shim.path, "git"), text);
  await chmod(join(shim.path, "git"), 0o755);
  const path = process.env.PATH;
  process.env.PATH = `${shim.path}:${path}`;
  try {
    const promises = { size: 0, tip: undefined as string | undefined };
    for (let kill = 0; kill < kills; kill++) {
      const size = 3 + kill;
      await mirrored.grow(size, size + 1);
      await writeFile(join(shim.path, "how"), ["before", "after", "cut"][Math.floor(random() * 3)] ?? "");
      await writeFile(join(shim.path, "bytes"), String(Math.floor(random() ** 2 * 6000)));
      await writeFile(join(shim.path, "left"), String(Math.floor(random() * 7)));
      await mirrored.mirror().catch(async (error: unknown) => {
        // Nobody but the shim says no here.
        if ((await readFile(join(shim.path, "left"), "utf8")).trim() !== "0") throw error;
      });
      await rm(join(shim.path, "left"));
      await check(mirrored, promises);
      if (random() < 0.3) {
        await mirrored.mirror();
        await check(mirrored, promises);
        if (promises.size !== size + 1) throw new Error("the next mirroring did not catch up");
      }
    }
    await mirrored.repo.git(["fsck", "--strict"]);
    return Number(await mirrored.repo.git(["rev-list", "--count", LEDGER_REF]));
  } finally {
    process.env.PATH = path;
  }
}

async function check(
  { repository, log }: MirroredLog,
  promises: { size: number; tip: string | undefined },
): Promise<void> {
  const tip = await readRef(repository, LEDGER_REF);
  if (tip === undefined) {
    if (promises.tip !== undefined) throw new Error("the mirror is gone");
    return;
  }
  if (promises.tip !== undefined && !(await isAncestor(repository, promises.tip, tip)))
    throw new Error(`${tip} does not contain ${promises.tip}`);
  // Without a memory: the log is ahead as long as its mirrors die.
  const trust = { verifierKey: formatVerifierKey(log.signer.key) };
  const ledger = await openLedger({ backend: openMirror(repository, tip, LEDGER_REF), trust });
  const { treeSize } = ledger.checkpoint;
  if (treeSize < promises.size) throw new Error(`the mirror shrank from ${promises.size} to ${treeSize}`);
  if ((await readAll(ledger)).length !== treeSize) throw new Error("the mirror is not whole");
  Object.assign(promises, { size: treeSize, tip });
}
