// SPDX-License-Identifier: Apache-2.0
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { NO_LINES, type ShippedChange } from "@countersign/core/audit";
import { openRepository, snapshotRefs } from "@countersign/git";
import { createRepository, START } from "@countersign/testkit";
import { describe, expect, it } from "vitest";
import { gatherReport } from "./gather-report.ts";
import { createRowPacker } from "./pack-rows.ts";

const TARGET = "refs/heads/main";
const POLICY = "version: 1\nextends: amazon\nrepository: https://git.example/p\n";
setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

function bytesInUse(): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Every second one names an AI, and nobody signed any of them: rows with conditions and gaps, as long as rows are. */
function formatCommit(n: number): string {
  const who = `author <author@example.com> ${START + 60 * n} +0000`;
  const message = `area: change ${n}\n${n % 2 === 0 ? "\nAI-Assisted: claude-code/claude-opus-4-8\n" : ""}`;
  const content = `change ${n}\n`;
  return `commit ${TARGET}\nauthor ${who}\ncommitter ${who}\ndata ${message.length}\n${message}\nM 100644 inline src/part${n % 9}/file${n % 200}.txt\ndata ${content.length}\n${content}\n`;
}

/** Bytes in use while a report is made and rendered, at the most. */
async function measure(commits: number): Promise<{ readonly peak: number; readonly rows: number }> {
  await using repo = await createRepository({ bare: true });
  const base = await repo.commit({ message: "start\n", files: { ".countersign/policy.yml": POLICY } });
  const first = `from ${base}\n`;
  const stream = Array.from({ length: commits }, (_, n) => formatCommit(n)).join("");
  const at = stream.indexOf("M 100644");
  await repo.git(["fast-import", "--quiet", "--force"], {
    input: stream.slice(0, at) + first + stream.slice(at),
  });
  const before = bytesInUse();
  let [peak, count] = [0, 0];
  const sample = () => {
    if (++count % 512 === 0) peak = Math.max(peak, bytesInUse() - before);
  };
  const report = await gatherReport({
    repository: await snapshotRefs(await openRepository(repo.path), [TARGET]),
    scope: { kind: "range", from: "start", to: "main" },
    base,
    head: await repo.id(TARGET),
    target: TARGET,
    now: START + 365 * 86_400,
    evidence: [],
    depth: 1,
    ledger: null,
    deployments: [],
    notes: [],
    surviving: null,
    progress: { onTotal() {}, onChange: sample, onFiles() {}, onFile() {} },
  });
  for (const _ of report.changes) sample();
  return { peak, rows: report.changes.length };
}

describe("the memory of a report", () => {
  // Ids, trees and parents take 80 bytes a commit, a packed row 100 to 200; a row that is not packed takes 2,500.
  it("grows by no more than half a kilobyte for each further change", { timeout: 240_000 }, async () => {
    await measure(64);
    const few = await measure(1000);
    const many = await measure(4000);
    expect([few.rows, many.rows]).toEqual([1000, 4000]);
    const growth = (many.peak - few.peak) / 3000;
    expect(growth).toBeLessThan(500);
  });
});

describe("packed rows", () => {
  it("come out as they went in, newest first, as often as somebody asks", () => {
    const packer = createRowPacker();
    const rowOf = (n: number) =>
      ({
        head: String(n),
        title: `\u0000 \ud800 ü ${n}`,
        committedAt: null,
        lines: NO_LINES,
      }) as ShippedChange;
    for (let n = 0; n < 600; n++) packer.add(rowOf(n));
    const rows = packer.rows();
    const expected = Array.from({ length: 600 }, (_, n) => rowOf(599 - n));
    expect([rows.length, [...rows], [...rows]]).toEqual([600, expected, expected]);
    expect([...createRowPacker().rows()]).toEqual([]);
  });
});
