// SPDX-License-Identifier: Apache-2.0
import { mergeTrees, openRepository, type Repository } from "@countersign/git";
import { createRepository, type FileContent, type TestRepository } from "@countersign/testkit";
import { describe, expect, it } from "vitest";
import { type MergeCandidate, rejectImpossibleMerges } from "./reject-impossible-merges.ts";

describe("merges that cannot result in one of the trees", () => {
  it("are a branch with changes that nothing holds, and one that landed long ago", async () => {
    await using repo = await createRepository();
    const base = await repo.commit({ message: "base", files: { a: "1\n", b: "1\n" } });
    const squashed = await repo.commit({
      message: "ai",
      branch: "squashed",
      parents: [base],
      files: { a: "2\n" },
    });
    const open = await repo.commit({ message: "open", branch: "open", parents: [base], files: { b: "2\n" } });
    const added = await repo.commit({
      message: "added",
      branch: "added",
      parents: [base],
      files: { c: "2\n" },
    });
    const landed = await repo.commit({ message: "squash", parents: [base], files: { a: "2\n" } });
    const opened = await openRepository(repo.path);
    const kept = await rejectImpossibleMerges(
      opened,
      [await repo.git(["rev-parse", `${landed}^{tree}`])],
      await toCandidates(repo, [base], [squashed, open, added, base]),
    );
    // What only adds a file might be taken to another folder by a merge: Git is asked.
    expect(kept.map(({ theirs }) => theirs)).toEqual([squashed, added]);
  });

  it.each([1, 2, 3, 4])("never are one that does, history %i", async (seed) => {
    await using repo = await createRepository();
    const commits = await playHistory(repo, seed);
    const opened = await openRepository(repo.path);
    const candidates = await toCandidates(repo, commits, commits);
    const trees = [...new Set(candidates.map(({ position }) => position.tree))].filter((_, i) => i % 3 > 0);
    const kept = new Set(await rejectImpossibleMerges(opened, trees, candidates));
    const real = await findReal(opened, candidates, trees);
    expect(real.length).toBeGreaterThan(5);
    expect(real.filter((candidate) => !kept.has(candidate))).toEqual([]);
    expect(kept.size).toBeLessThan(candidates.length);
  });
});

async function toCandidates(
  repo: TestRepository,
  positions: readonly string[],
  heads: readonly string[],
): Promise<readonly MergeCandidate[]> {
  const shown = await repo.git(["rev-parse", ...positions.map((id) => `${id}^{tree}`)]);
  const trees = shown.split("\n");
  return positions.flatMap((id, i) =>
    heads.map((theirs) => ({ position: { id, tree: trees[i] ?? "" }, theirs })),
  );
}

/** The pairs that Git merges into one of the trees, those left out that add nothing where they land. */
async function findReal(
  repository: Repository,
  candidates: readonly MergeCandidate[],
  trees: readonly string[],
): Promise<readonly MergeCandidate[]> {
  const pairs = candidates.map(({ position, theirs }) => ({ ours: position.id, theirs }));
  const merged = await mergeTrees(repository, pairs);
  return candidates.filter(({ position }, i) => {
    const result = merged[i];
    const isNew = result?.isClean === true && result.tree !== position.tree;
    return isNew && result.tree !== undefined && trees.includes(result.tree);
  });
}

/** Few files with few contents, so that changes meet, are undone, are moved and come back; some commits are squashes of others. */
async function playHistory(repo: TestRepository, seed: number): Promise<readonly string[]> {
  let state = seed;
  const below = (bound: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return Math.floor((state / 0x7fffffff) * bound) % bound;
  };
  const names = ["a", "b", "dir/c", "dir/d", "other/c"];
  const content = (): FileContent => {
    const lines = Array.from({ length: 9 }, (_, line) => `line ${line}`);
    lines[below(3) * 4] = `line changed ${below(2)}`;
    return below(7) === 0 ? null : `${lines.join("\n")}\n`;
  };
  const edit = () =>
    Object.fromEntries(Array.from({ length: 1 + below(2) }, () => [names[below(5)], content()]));
  const files = Object.fromEntries(names.map((name) => [name, content() ?? "empty\n"]));
  const commits = [await repo.commit({ message: "base", files })];
  const any = () => commits[below(commits.length)] ?? "";
  const opened = await openRepository(repo.path);
  for (let step = 0; step < 26; step++) {
    const [position, theirs] = [any(), any()];
    const [merged] = await mergeTrees(opened, [{ ours: position, theirs }]);
    if (step % 2 === 0 || merged?.isClean !== true || merged.tree === undefined) {
      const parents = below(6) === 0 && position !== theirs ? [position, theirs] : [position];
      commits.push(await repo.commit({ message: `${step}`, branch: `b${step}`, parents, files: edit() }));
      continue;
    }
    // The scratch objects of the merge are gone: Git merges once more, and keeps them.
    await repo.git(["merge-tree", "--write-tree", position, theirs]);
    const squash = await repo.git(["commit-tree", "-p", position, "-m", `${step}`, merged.tree]);
    await repo.git(["branch", `b${step}`, squash]);
    commits.push(squash);
  }
  return commits;
}
