// SPDX-License-Identifier: Apache-2.0
import type { ObjectId, RefName } from "@countersign/core/ids";
import { listRefs, type Repository, readSymbolicRef } from "@countersign/git";

export interface RemoteTarget {
  /** The branch as the remote calls it. */
  readonly ref: RefName;
  /** Its tip when it was last fetched. */
  readonly tip: ObjectId;
}

/** What this clone knows of a remote's branches, without asking it. */
export async function findRemoteTargets(
  repository: Repository,
  remote: string,
): Promise<{ readonly main: RemoteTarget | undefined; readonly tips: ReadonlyMap<RefName, ObjectId> }> {
  const prefix = `refs/remotes/${remote}/`;
  // The remote may be named by its URL, which is no part of any ref.
  const refs = /[\s:~^?*[\\]|\.\./.test(remote) ? [] : await listRefs(repository, [prefix.slice(0, -1)]);
  const tips = new Map(refs.map(({ name, id }) => [`refs/heads/${name.slice(prefix.length)}`, id]));
  const head = tips.size === 0 ? undefined : await readSymbolicRef(repository, `${prefix}HEAD`);
  const named = head?.startsWith(prefix) === true ? [`refs/heads/${head.slice(prefix.length)}`] : [];
  for (const ref of [...named, "refs/heads/main", "refs/heads/master"]) {
    const tip = tips.get(ref);
    if (tip !== undefined) return { main: { ref, tip }, tips };
  }
  return { main: undefined, tips };
}
