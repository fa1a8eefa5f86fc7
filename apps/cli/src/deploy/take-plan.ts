// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { DeployedArtifact } from "@countersign/core/attestation";
import { displayText } from "@countersign/core/render";
import { UsageError } from "../exit-code.ts";

/** A saved plan that nobody else can change any more. */
export interface TakenPlan extends AsyncDisposable {
  /** The copy, in a folder that only this user can enter. */
  readonly path: string;
  readonly artifact: DeployedArtifact;
}

/**
 * Copies the plan and hashes what was copied: between a check of the file itself and the command that reads it, it could be
 * replaced. Throws UsageError where it cannot be read.
 */
export async function takePlan(file: string): Promise<TakenPlan> {
  const folder = await mkdtemp(join(tmpdir(), "countersign-plan-"));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const name = basename(file);
    const path = join(folder, name);
    const sha256 = await copyHashed(file, path);
    return { path, artifact: { name: toName(name), digest: { sha256 } }, [Symbol.asyncDispose]: remove };
  } catch (cause) {
    await remove();
    const { code } = cause as NodeJS.ErrnoException;
    throw new UsageError(`--plan ${displayText(file, 500)} cannot be read (${code ?? String(cause)})`, {
      cause,
    });
  }
}

async function copyHashed(from: string, to: string): Promise<string> {
  const hash = createHash("sha256");
  const tap = new Transform({
    transform(chunk, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  await pipeline(createReadStream(from), tap, createWriteStream(to, { mode: 0o600, flags: "wx" }));
  return hash.digest("hex");
}

/** An artifact's name is printable ASCII (specs/deployment.md). */
function toName(name: string): string {
  return name.replace(/[^\x21-\x7e]/g, "_").slice(0, 200);
}
