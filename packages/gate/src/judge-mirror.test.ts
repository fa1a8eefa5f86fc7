// SPDX-License-Identifier: Apache-2.0
import { formatVerifierKey } from "@countersign/core/ledger";
import type { Policy } from "@countersign/core/policy";
import { expect, it } from "vitest";
import { createMirroredLog, forkLog } from "../../audit/src/mirror-log.fixture.ts";
import { findMirrorFault } from "./judge-mirror.ts";

const NONE = "0".repeat(40);

it("lets a push move the mirror forward to a whole log that continues it, and to nothing else", async () => {
  await using mirrored = await createMirroredLog(3);
  const { log, repo, repository, mirror, grow } = mirrored;
  const ledger = { verifierKey: formatVerifierKey(log.signer.key), witnesses: [], quorum: 0, required: true };
  const policy = { ledger } as unknown as Policy;
  const fault = (old: string, next: string, by: Policy | null = policy) =>
    findMirrorFault(repository, { old, new: next }, by);
  const first = (await mirror()).commit;
  await grow(3, 300);
  const second = (await mirror()).commit;
  expect(await fault(NONE, first)).toBeUndefined();
  expect(await fault(first, second)).toBeUndefined();
  expect(await fault(NONE, second, null), "a policy without a ledger").toBeUndefined();
  expect(await fault(second, NONE)).toContain("cannot be deleted");
  expect(await fault(second, first)).toContain("moves forward only");

  const tree = { "tile/entries/000": "x" };
  const damaged = await repo.commit({ branch: "refs/x/1", parents: [second], message: "x\n", files: tree });
  expect(await fault(second, damaged)).toContain("tile/entries/000");
  const emptied = await repo.commit({
    branch: "refs/x/2",
    parents: [second],
    message: "x\n",
    files: { checkpoint: null, "log.vkey": null },
  });
  expect(await fault(second, emptied)).toContain("holds no checkpoint");

  await using fork = await forkLog(log, 400);
  await using elsewhere = await createMirroredLog(1);
  const forked = await elsewhere.mirror(elsewhere.repository, fork.dir);
  await repo.git(["fetch", "--quiet", elsewhere.repo.path, forked.commit]);
  const grafted = await repo.git(["commit-tree", "-p", second, "-m", "x", `${forked.commit}^{tree}`]);
  expect(await fault(second, grafted)).toContain("do not continue the 300 that the mirror holds");
});
