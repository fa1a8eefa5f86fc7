// SPDX-License-Identifier: Apache-2.0
import { crc32, deflateRawSync } from "node:zlib";

export interface ZipFile {
  readonly name: string;
  readonly content: string | Uint8Array;
}

/** Where one part of a made archive begins, so that a test can change it. */
export interface MadeZip {
  readonly bytes: Buffer;
  /** Of the local headers, in the order of the files; of the directory; of its end. */
  readonly locals: readonly number[];
  readonly directory: number;
  readonly end: number;
}

/** An archive as Go's `archive/zip` writes it: deflated, with sizes after the content. */
export function toZip(files: readonly ZipFile[]): MadeZip {
  const parts: Buffer[] = [];
  const rows: Buffer[] = [];
  const locals: number[] = [];
  let at = 0;
  for (const { name, content } of files) {
    const [label, plain] = [Buffer.from(name, "latin1"), Buffer.from(content)];
    const packed = deflateRawSync(plain);
    const sizes = numbers([4, crc32(plain)], [4, packed.length], [4, plain.length]);
    const kind = numbers([2, 20], [2, 8], [2, 8], [4, 0]);
    const local = numbers([4, 0x04034b50]);
    const name2 = numbers([2, label.length], [2, 0]);
    const file = [local, kind, Buffer.alloc(12), name2, label, packed, numbers([4, 0x08074b50]), sizes];
    const row = numbers([4, 0x02014b50], [2, 20]);
    rows.push(Buffer.concat([row, kind, sizes, name2, Buffer.alloc(10), numbers([4, at]), label]));
    locals.push(at);
    for (const part of file) at += part.length;
    parts.push(...file);
  }
  const directory = Buffer.concat(rows);
  const count: readonly [2, number] = [2, files.length];
  const last = numbers([4, 0x06054b50], [4, 0], count, count, [4, directory.length], [4, at], [2, 0]);
  return {
    bytes: Buffer.concat([...parts, directory, last]),
    locals,
    directory: at,
    end: at + directory.length,
  };
}

/** Little-endian, as `[bytes, value]` each. */
function numbers(...fields: readonly (readonly [2 | 4, number])[]): Buffer {
  return Buffer.concat(
    fields.map(([bytes, value]) => {
      const field = Buffer.alloc(bytes);
      if (bytes === 2) field.writeUInt16LE(value);
      else field.writeUInt32LE(value);
      return field;
    }),
  );
}

export interface PlanParts {
  /** Files of each module by its key. */
  readonly modules: Readonly<Record<string, Readonly<Record<string, string | Uint8Array>>>>;
  /** Where each module but the root was read from, and by which source. */
  readonly from?: Readonly<Record<string, { readonly dir: string; readonly source?: string }>>;
  readonly lock?: string;
  /** Further fields of the message `tfplan.Plan`, by number. */
  readonly fields?: readonly (readonly [number, number | string | Uint8Array])[];
  readonly workspace?: string;
  readonly more?: readonly ZipFile[];
}

/** A saved plan that changes nothing, laid out as Terraform lays it out. */
export function toSavedPlan(parts: PlanParts): Buffer {
  return toZip(planFiles(parts)).bytes;
}

export function planFiles(parts: PlanParts): readonly ZipFile[] {
  const { modules, from = {}, lock = "", fields = [], workspace = "default", more = [] } = parts;
  const records = Object.keys(modules).map((key) => ({
    Key: key,
    ...(from[key]?.source === undefined ? {} : { Source: from[key].source }),
    Dir: from[key]?.dir ?? ".",
  }));
  const backend = toMessage([
    [1, "local"],
    [3, workspace],
  ]);
  const plan = toMessage([[1, 3], [13, backend], [14, "1.11.4"], ...fields]);
  return [
    { name: "tfplan", content: plan },
    { name: "tfstate", content: "{}" },
    { name: "tfstate-prev", content: "{}" },
    ...Object.entries(modules).flatMap(([key, files]) =>
      Object.entries(files).map(([name, content]) => ({ name: `tfconfig/m-${key}/${name}`, content })),
    ),
    { name: "tfconfig/modules.json", content: JSON.stringify(records, null, 2) },
    { name: ".terraform.lock.hcl", content: lock },
    ...more,
  ];
}

/** A message of Protocol Buffers: numbers as varints, everything else with its length. */
export function toMessage(fields: readonly (readonly [number, number | string | Uint8Array])[]): Buffer {
  return Buffer.concat(
    fields.map(([number, value]) => {
      if (typeof value === "number") return Buffer.concat([toVarint(number * 8), toVarint(value)]);
      const bytes = Buffer.from(value);
      return Buffer.concat([toVarint(number * 8 + 2), toVarint(bytes.length), bytes]);
    }),
  );
}

function toVarint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return Buffer.from([...bytes, rest]);
}
