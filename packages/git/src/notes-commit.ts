// SPDX-License-Identifier: Apache-2.0
import type { ObjectId } from "@countersign/core/ids";
import { readObjects } from "./read-objects.ts";
import { readSettingsMatching } from "./settings.ts";
import type { Repository } from "./types.ts";

/** Not empty, as git-ai's is: servers with rules about messages refuse an empty one in any ref. */
export const NOTES_MESSAGE = "Notes added by countersign\n";

const NOBODY = { name: "countersign", email: "noreply@countersign.invalid" };

/** The person's own identity: servers refuse commits whose committer they do not know. */
export async function readNotesIdentity(repo: Repository): Promise<string> {
  const settings = await readSettingsMatching(repo, /^user\.(?:name|email)$/);
  const name = process.env.GIT_COMMITTER_NAME ?? settings.get("user.name");
  const email = process.env.GIT_COMMITTER_EMAIL ?? settings.get("user.email");
  return formatIdentity(name, email, Math.floor(Date.now() / 1000));
}

/** A name that Git accepts; what it would not is left out, and without an address nobody is named. */
export function formatIdentity(name: string | undefined, email: string | undefined, at: number): string {
  const [cleanName, cleanEmail] = [clean(name ?? ""), clean(email ?? "")];
  if (cleanEmail === "") return `${NOBODY.name} <${NOBODY.email}> ${at} +0000`;
  return `${cleanName === "" ? NOBODY.name : cleanName} <${cleanEmail}> ${at} +0000`;
}

function clean(text: string): string {
  return text.replace(/[<>\p{Cc}]/gu, "").trim();
}

/** Whether the tip is a commit of ours: we leave no tree behind that has any other fan-out. */
export async function isKnownStraight(repo: Repository, tip: ObjectId): Promise<boolean> {
  for await (const commit of readObjects(repo, [tip]))
    return (
      commit.status === "read" &&
      Buffer.from(commit.bytes).toString("latin1").endsWith(`\n\n${NOTES_MESSAGE}`)
    );
  return false;
}
