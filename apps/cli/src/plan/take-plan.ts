// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { DeployedArtifact } from "@countersign/core/attestation";
import { displayText } from "@countersign/core/render";
import { UsageError } from "../exit-code.ts";
import { holdFolder } from "./hold-folder.ts";

/** A saved plan that nobody else can change any more. */
export interface TakenPlan extends Disposable {
  /** The copy, in a folder that only this user can enter. */
  readonly path: string;
  /** What is in the copy. */
  readonly bytes: Buffer;
  readonly artifact: DeployedArtifact;
}

/** Where a plan is, and the flag that names it. */
export interface PlanPlace {
  readonly flag: string;
  readonly file: string;
}

/** Plans of thousands of resources are a few megabytes, the state in them included. */
const LARGEST = 256 * 1024 * 1024;

/**
 * Reads the plan once, and copies what was read: digest, content and copy are of the same bytes, and between a check of the file itself and the
 * command that reads it, it could be replaced. Links are followed, since what they lead to is what is read. Throws UsageError where it is
 * no file, is larger than 256 MiB, or cannot be read.
 */
export async function takePlan(place: PlanPlace): Promise<TakenPlan> {
  const bytes = await readWhole(place);
  const folder = holdFolder("countersign-plan-");
  try {
    const name = basename(place.file);
    const path = join(folder.path, name);
    await writeFile(path, bytes, { mode: 0o600, flag: "wx" });
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const artifact = { name: toName(name), digest: { sha256 } };
    return { path, bytes, artifact, [Symbol.dispose]: () => folder[Symbol.dispose]() };
  } catch (cause) {
    folder[Symbol.dispose]();
    throw toRefusal(place, cause);
  }
}

async function readWhole(place: PlanPlace): Promise<Buffer> {
  await using source = await openPlan(place);
  const parts: Buffer[] = [];
  if ((await source.stat()).size > LARGEST) throw tooLarge(place);
  let size = 0;
  try {
    // It may grow while it is read.
    for await (const part of source.createReadStream({ autoClose: false })) {
      size += part.length;
      if (size > LARGEST) break;
      parts.push(part);
    }
  } catch (cause) {
    throw toRefusal(place, cause);
  }
  if (size <= LARGEST) return Buffer.concat(parts);
  throw tooLarge(place);
}

function tooLarge(place: PlanPlace): UsageError {
  return new UsageError(`${shownOf(place)} has more than ${LARGEST} bytes; a larger plan is not read`);
}

/** Without waiting: the opening of a pipe would wait for a writer, for ever. */
async function openPlan(place: PlanPlace): Promise<FileHandle> {
  const handle = await open(place.file, constants.O_RDONLY | constants.O_NONBLOCK).catch((cause: unknown) => {
    throw toRefusal(place, cause);
  });
  const what = await handle.stat();
  if (what.isFile()) return handle;
  await handle.close();
  const kind = what.isDirectory() ? "a folder" : what.isFIFO() ? "a pipe" : "a device";
  throw new UsageError(
    `${shownOf(place)} is ${kind}; expected a file, such as terraform plan -out FILE writes`,
  );
}

function toRefusal(place: PlanPlace, cause: unknown): UsageError {
  const { code } = cause as NodeJS.ErrnoException;
  return new UsageError(`${shownOf(place)} cannot be read (${code ?? String(cause)})`, { cause });
}

function shownOf({ flag, file }: PlanPlace): string {
  return `${flag} ${displayText(file, 500)}`;
}

/** An artifact's name is printable ASCII (specs/deployment.md). */
function toName(name: string): string {
  return name.replace(/[^\x21-\x7e]/g, "_").slice(0, 200);
}
