// SPDX-License-Identifier: Apache-2.0
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { appendTrailers, parseCommitMessage } from "@countersign/core/trailers";
import { findWorkTree, planTrailers } from "@countersign/recorder";

/** `githooks(5)`: the message's file, where it comes from, and for `commit` which one. */
export async function runPrepareCommitMsg([file, source, revision]: readonly string[]): Promise<void> {
  const place = findWorkTree(process.cwd());
  if (file === undefined || place === undefined) return;
  const index = process.env.GIT_INDEX_FILE;
  const trailers = await planTrailers(place, {
    isAmend: source === "commit" && revision === "HEAD",
    indexFile: index === undefined ? undefined : resolve(index),
    at: Math.floor(Date.now() / 1000),
  });
  const message = readFileSync(file, "utf8");
  const missing = withoutClaimed(message, trailers);
  if (missing.length === 0) return;
  const isEdited = source === undefined || source === "template" || source === "merge" || source === "squash";
  const next = appendTrailers(message, missing, { commentChar: isEdited ? "#" : null });
  // Git refuses an empty message; in the editor the trailer stands below the line that the person is about to write.
  writeFileSync(
    file,
    next === message && message.trimStart().startsWith("#") ? `\n\n${missing.join("\n")}\n${message}` : next,
  );
}

const NOBODY = { name: "", email: "" };

/** An agent that names itself in the message has no need of us to do it. */
function withoutClaimed(message: string, trailers: readonly string[]): readonly string[] {
  const claims = (text: string) =>
    parseCommitMessage({ message: text, author: NOBODY, committer: NOBODY }).assistance;
  const made = claims(message);
  return trailers.filter((trailer) =>
    claims(`title\n\n${trailer}\n`).some(
      ({ tool, model }) =>
        !made.some(
          (claim) => claim.tool === tool && (claim.model === model || claim.model !== null || model === null),
        ),
    ),
  );
}
