// SPDX-License-Identifier: Apache-2.0
import { isObjectId, type ObjectId } from "@countersign/core/ids";
import { quickHeader, quickObject, quickTreeOf } from "./quick-read.ts";
import type { Repository, TreeScope } from "./types.ts";

/** Reading more trees than this takes longer than a process that lists them. */
const MOST_TREES = 32;

interface Walk {
  readonly repo: Repository;
  /** Paths as latin1, as everything here; undefined for everything. */
  readonly wanted: ReadonlySet<string> | undefined;
  readonly above: ReadonlySet<string>;
  readonly isDeep: boolean;
  readonly rows: string[];
  left: number;
}

/** What `git ls-tree -z` says of trees that all lie loose; undefined where Git has to be asked. */
export function quickTreeRows(repo: Repository, treeish: string, scope: TreeScope): Buffer | undefined {
  const tree = toTree(repo, treeish);
  if (tree === undefined) return undefined;
  const wanted = scope.paths?.map((path) => Buffer.from(path).toString("latin1").replace(/\/$/, ""));
  const walk: Walk = {
    repo,
    wanted: wanted && new Set(wanted),
    above: new Set(wanted?.flatMap(foldersAbove)),
    isDeep: scope.isDeep,
    rows: [],
    left: MOST_TREES,
  };
  return walkTree(walk, tree, "", wanted === undefined)
    ? Buffer.from(walk.rows.join(""), "latin1")
    : undefined;
}

function toTree(repo: Repository, treeish: string): ObjectId | undefined {
  const [, id = "", peel] = /^([0-9a-f]+)(\^\{commit\})?$/.exec(treeish) ?? [];
  const type = isObjectId(id) ? quickHeader(repo, id)?.type : undefined;
  if (type === "tree" && peel === undefined) return id;
  return type === "commit" ? quickTreeOf(repo, id) : undefined;
}

function foldersAbove(path: string): readonly string[] {
  const parts = path.split("/");
  return parts.slice(1).map((_, i) => parts.slice(0, i + 1).join("/"));
}

/** False where something is not plainly readable. */
function walkTree(walk: Walk, tree: ObjectId, prefix: string, isAll: boolean): boolean {
  if (walk.left-- === 0) return false;
  const object = quickObject(walk.repo, tree);
  if (object?.type !== "tree") return false;
  for (const entry of parseTree(object.bytes, walk.repo)) {
    if (entry === undefined) return false;
    const path = prefix + entry.name;
    const isWanted = isAll || walk.wanted?.has(path) === true;
    const isEntered = entry.type === "tree" && (walk.above.has(path) || (walk.isDeep && isWanted));
    if (isEntered && !walkTree(walk, entry.id, `${path}/`, walk.isDeep && isWanted)) return false;
    if (isWanted && !isEntered) walk.rows.push(`${entry.mode} ${entry.type} ${entry.id}\t${path}\0`);
  }
  return true;
}

interface Entry {
  readonly mode: string;
  readonly type: "tree" | "commit" | "blob";
  readonly id: ObjectId;
  readonly name: string;
}

/** Ends with undefined at anything that is not as Git writes it. */
function* parseTree(bytes: Uint8Array, { objectFormat }: Repository): Generator<Entry | undefined> {
  const text = Buffer.from(bytes);
  const length = objectFormat === "sha1" ? 20 : 32;
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf(0, at);
    const next = end + 1 + length;
    const [, mode, name] = (end < 0 ? null : ROW.exec(text.toString("latin1", at, end))) ?? [];
    if (mode === undefined || name === undefined || next > text.length) {
      yield undefined;
      return;
    }
    yield {
      mode: mode.padStart(6, "0"),
      type: TYPES[mode] ?? "blob",
      id: text.toString("hex", end + 1, next),
      name,
    };
    at = next;
  }
}

const ROW = /^(100644|100755|120000|160000|40000) ([^/]+)$/s;
const TYPES: Readonly<Record<string, Entry["type"]>> = { "40000": "tree", "160000": "commit" };
