// SPDX-License-Identifier: Apache-2.0
import { chmod, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string;
  readonly remove: () => Promise<void>;
}

/** A folder that disappears with `await using` or `remove()`. */
export async function createTemporaryFolder(name = "countersign-test"): Promise<TemporaryFolder> {
  const path = await realpath(await mkdtemp(join(tmpdir(), `${name}-`)));
  const remove = async () => {
    await chmod(path, 0o755).catch(() => undefined);
    await rm(path, { recursive: true, force: true, maxRetries: 5 });
  };
  return { path, remove, [Symbol.asyncDispose]: remove };
}
