// SPDX-License-Identifier: Apache-2.0
// biome-ignore-all lint/suspicious/noExplicitAny: vectors are JSON of any shape
import { readFile } from "node:fs/promises";
import { formatAuditBundle, parseAuditBundle } from "@countersign/core/audit";
import { toUtf8 } from "@countersign/core/ids";
import { describe, expect, it } from "vitest";
import { checkBundle } from "./check-bundle.ts";

const folder = new URL("../../../../specs/vectors/audit-bundle/", import.meta.url);
const readJson = async (name: string) => JSON.parse(await readFile(new URL(name, folder), "utf8"));
const valid = await readJson("valid.json");
const invalid = await readJson("invalid.json");

interface Vector {
  readonly name: string;
  readonly path: readonly (string | number)[];
  readonly value?: unknown;
  readonly replace?: readonly [string, string];
  readonly merge?: object;
  /** `*` stands for a name. */
  readonly part: string;
  readonly code: string;
}

/** A copy of a JSON value in which one place is another. */
function changeAt(value: any, [key, ...rest]: Vector["path"], change: (old: unknown) => unknown): unknown {
  if (key === undefined) return change(value);
  const next = changeAt(value[key], rest, change);
  return Array.isArray(value) ? value.with(Number(key), next) : { ...value, [key]: next };
}

function apply({ path, value, replace, merge }: Vector): unknown {
  return changeAt(valid.bundle, path, (old) => {
    if (replace !== undefined) return String(old).replace(...replace);
    return merge === undefined ? value : { ...(old as object), ...merge };
  });
}

const verify = (bundle: unknown) =>
  checkBundle(parseAuditBundle(toUtf8(JSON.stringify(bundle))), { ledger: { verifierKey: valid.key } });

describe("vectors of audit bundles (specs/audit-bundle.md)", () => {
  it("the valid one is sound, and comes back as it was", async () => {
    expect(await verify(valid.bundle)).toMatchObject({
      isSound: true,
      isKeyTrusted: true,
      counts: { entries: 2, signatures: 1, records: 1, changes: 4, signOffs: 1 },
    });
    const bundle = parseAuditBundle(toUtf8(JSON.stringify(valid.bundle)));
    expect(JSON.parse([...formatAuditBundle(bundle)].join(""))).toEqual(valid.bundle);
  });

  it.each((invalid.vectors as readonly Vector[]).map((vector) => [vector.name, vector] as const))(
    "%s",
    async (_name, vector) => {
      const changed = apply(vector);
      expect(changed).not.toEqual(valid.bundle);
      const { isSound, faults } = await verify(changed);
      expect(isSound).toBe(false);
      const pattern = new RegExp(`^${vector.part.replaceAll(".", "\\.").replace("*", ".+")}$`);
      expect(
        faults.filter(({ part, code }) => pattern.test(part) && code === vector.code),
        JSON.stringify(faults),
      ).not.toEqual([]);
    },
  );
});
