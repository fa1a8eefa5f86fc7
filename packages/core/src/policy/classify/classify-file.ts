// SPDX-License-Identifier: Apache-2.0
import type { RepoPath } from "../../ids/index.ts";
import type { Policy } from "../policy.ts";
import { classifyContent } from "./classify-content.ts";
import { classifyPath } from "./classify-path.ts";
import { MAX_DETECTED_LENGTH } from "./content-detectors.ts";
import { type LinkMap, NO_LINKS, resolveLink } from "./link-map.ts";

/** One side of a changed path: what lies there before or after. */
export interface FileSide {
  readonly path: RepoPath;
  /** Octal mode as Git writes it; 000000 where nothing lies there. */
  readonly mode: string;
  /** Content, or the target of a symbolic link; undefined where it was not read (a submodule, a missing blob). */
  readonly text: string | undefined;
  readonly isBinary: boolean;
  /** Only the beginning was read. */
  readonly isTruncated: boolean;
}

export interface FileClasses {
  readonly classes: readonly string[];
  /** Why each class, for people: `infrastructure: a Terraform resource or data block`. */
  readonly reasons: readonly string[];
}

const ABSENT = "000000";
const SYMLINK = "120000";
const GITLINK = "160000";
// Binary files under these names are shown or played, never executed or applied; other binaries may be anything.
const MEDIA =
  /\.(?:png|jpe?g|gif|webp|avif|ico|bmp|tiff?|psd|woff2?|ttf|otf|eot|mp[34]|m4a|ogg|wav|flac|webm|mov|avi|pdf)$/i;
/** A binary file of this name is looked at or listened to, and nothing else. */
export function isMediaName(path: RepoPath): boolean {
  return MEDIA.test(path);
}

/** The text stands for content that lies elsewhere. */
export function isLfsPointer(text: string): boolean {
  return LFS_POINTER.test(text);
}

const LFS_POINTER = /^version https:\/\/(?:git-lfs\.github\.com|hawser\.github\.com)\/spec\/v1/;

/**
 * Classes of one side of a change by path and content. What cannot be looked into belongs to every class that asks
 * about content: unknown is never taken for harmless (T41, T42, T46).
 */
export function classifyFile(
  policy: Pick<Policy, "classes">,
  side: FileSide,
  links: LinkMap = NO_LINKS,
): FileClasses {
  const reasons = new Map<string, string>();
  const add = (id: string, why: string) => reasons.has(id) || reasons.set(id, why);
  for (const id of classifyPath(policy, side.path)) add(id, "by its path");
  for (const name of links.namesOf(side.path))
    for (const id of classifyPath(policy, name)) add(id, `${name} is a symbolic link to it`);
  if (side.mode === GITLINK) add("submodule", "a commit of another repository");
  if (side.mode === SYMLINK) addLinkTarget(policy, side, links, add);
  else if (side.mode !== ABSENT) addContent(policy, side, add);
  const classes = [...reasons.keys()].sort();
  return { classes, reasons: classes.map((id) => `${id}: ${reasons.get(id)}`) };
}

type Add = (id: string, why: string) => void;

function addContent(policy: Pick<Policy, "classes">, side: FileSide, add: Add): void {
  const doubt = findDoubt(side);
  for (const { id, content } of policy.classes.values()) {
    if (content.length === 0) continue;
    const [seen] =
      side.text === undefined ? [] : classifyContent(content, side.text.slice(0, MAX_DETECTED_LENGTH));
    if (seen !== undefined) add(id, `${seen.what} (${seen.detector})`);
    else if (doubt !== undefined) add(id, doubt);
  }
}

/** Why a file's content cannot be ruled out, or undefined where all of it was read. */
function findDoubt({ path, mode, text, isBinary, isTruncated }: FileSide): string | undefined {
  if (isBinary && !isTruncated && mode !== GITLINK) {
    return isMediaName(path) ? undefined : "a binary file, which may hold anything";
  }
  if (text === undefined) return "its content is not known here (a submodule or an unread file)";
  if (isLfsPointer(text)) return "its content lies in Git LFS";
  if (isTruncated || text.length > MAX_DETECTED_LENGTH) return "it is too large to be read whole";
  return undefined;
}

function addLinkTarget(policy: Pick<Policy, "classes">, side: FileSide, links: LinkMap, add: Add): void {
  const target = side.text === undefined ? undefined : resolveLink(side.path, side.text);
  const end = target === undefined ? undefined : links.follow(target);
  if (target !== undefined && end !== undefined) {
    for (const path of new Set([target, end]))
      for (const id of classifyPath(policy, path)) add(id, `a symbolic link to ${path}`);
    return;
  }
  for (const { id } of policy.classes.values()) add(id, "a symbolic link that leads out of the repository");
}
