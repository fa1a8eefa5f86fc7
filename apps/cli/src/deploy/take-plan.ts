// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import { constants, createWriteStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { basename, join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { DeployedArtifact } from "@countersign/core/attestation";
import { displayText } from "@countersign/core/render";
import { UsageError } from "../exit-code.ts";
import { holdFolder } from "./hold-folder.ts";

/** A saved plan that nobody else can change any more. */
export interface TakenPlan extends Disposable {
  /** The copy, in a folder that only this user can enter. */
  readonly path: string;
  readonly artifact: DeployedArtifact;
}

/**
 * Copies the plan and hashes what was copied: between a check of the file itself and the command that reads it, it could be
 * replaced. Throws UsageError where it is no file or cannot be read.
 */
export async function takePlan(file: string): Promise<TakenPlan> {
  await using source = await openPlan(file);
  const folder = holdFolder("countersign-plan-");
  try {
    const name = basename(file);
    const path = join(folder.path, name);
    const sha256 = await copyHashed(source, path);
    const artifact = { name: toName(name), digest: { sha256 } };
    return { path, artifact, [Symbol.dispose]: () => folder[Symbol.dispose]() };
  } catch (cause) {
    folder[Symbol.dispose]();
    throw toRefusal(file, cause);
  }
}

/** Without waiting: the opening of a pipe would wait for a writer, for ever. */
async function openPlan(file: string): Promise<FileHandle> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK).catch((cause: unknown) => {
    throw toRefusal(file, cause);
  });
  const what = await handle.stat();
  if (what.isFile()) return handle;
  await handle.close();
  const kind = what.isDirectory() ? "a folder" : what.isFIFO() ? "a pipe" : "a device";
  throw new UsageError(
    `--plan ${displayText(file, 500)} is ${kind}; a plan that was reviewed is a file, as terraform plan -out FILE writes it`,
  );
}

async function copyHashed(from: FileHandle, to: string): Promise<string> {
  const hash = createHash("sha256");
  const tap = new Transform({
    transform(chunk, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  const read = from.createReadStream({ autoClose: false });
  await pipeline(read, tap, createWriteStream(to, { mode: 0o600, flags: "wx" }));
  return hash.digest("hex");
}

function toRefusal(file: string, cause: unknown): UsageError {
  const { code } = cause as NodeJS.ErrnoException;
  return new UsageError(`--plan ${displayText(file, 500)} cannot be read (${code ?? String(cause)})`, {
    cause,
  });
}

/** An artifact's name is printable ASCII (specs/deployment.md). */
function toName(name: string): string {
  return name.replace(/[^\x21-\x7e]/g, "_").slice(0, 200);
}
