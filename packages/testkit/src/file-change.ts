// SPDX-License-Identifier: Apache-2.0
import { Buffer } from "node:buffer";
import { toRawBytes } from "@countersign/core/ids";

/** Content of a path: text, bytes, an executable, a symbolic link, a submodule's commit, or null to delete it. */
export type FileContent =
  | string
  | Uint8Array
  | { readonly executable: string | Uint8Array }
  | { readonly symlink: string }
  | { readonly gitlink: string }
  | null;

interface Row {
  readonly mode: string;
  /** Bytes to store as a blob, or the id of a commit that is named but not present. */
  readonly content: Uint8Array | { readonly id: string };
}

/** What `git fast-import` is told for one path; paths are raw text, so any bytes can be written. */
export function fileCommand(path: string, content: FileContent): Buffer {
  const quoted = quotePath(path);
  if (content === null) return Buffer.from(`D ${quoted}\n`, "latin1");
  const row = toRow(content);
  if (!(row.content instanceof Uint8Array))
    return Buffer.from(`M ${row.mode} ${row.content.id} ${quoted}\n`, "latin1");
  const head = Buffer.from(`M ${row.mode} inline ${quoted}\ndata ${row.content.length}\n`, "latin1");
  return Buffer.concat([head, row.content, Buffer.from("\n")]);
}

function toRow(content: Exclude<FileContent, null>): Row {
  if (typeof content === "string") return { mode: "100644", content: Buffer.from(content, "utf8") };
  if (content instanceof Uint8Array) return { mode: "100644", content };
  if ("executable" in content) return { ...toRow(content.executable), mode: "100755" };
  if ("symlink" in content) return { mode: "120000", content: toRawBytes(content.symlink) };
  return { mode: "160000", content: { id: content.gitlink } };
}

/** C-style quoting of every byte that is not plain; fast-import then takes any path. */
function quotePath(path: string): string {
  const escaped = Array.from(toRawBytes(path), (byte) =>
    byte > 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c
      ? String.fromCharCode(byte)
      : `\\${byte.toString(8).padStart(3, "0")}`,
  );
  return `"${escaped.join("")}"`;
}
