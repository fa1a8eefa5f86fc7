// SPDX-License-Identifier: Apache-2.0
import { toText } from "../../ids/index.ts";
import { type ConfigurationValue, fieldsOf, literalOf, textsOf } from "../configuration-value.ts";
import { LABEL, readHcl } from "../text/hcl-body.ts";

/**
 * Why the providers of a plan are not those that the commit pins; undefined where they are. `terraform init` adds hashes for the platform
 * it runs on and drops what is no longer used, which is no difference.
 */
export function compareLocks(planned: Uint8Array, committed: Uint8Array): string | undefined {
  const [now, pinned] = [readLock(planned), readLock(committed)];
  if (now === undefined || pinned === undefined) return "cannot be read";
  for (const [provider, { version, hashes }] of now) {
    const pin = pinned.get(provider);
    if (pin === undefined) return `does not name ${provider}, which the plan uses`;
    if (pin.version !== version) return `pins ${provider} ${pin.version}, and the plan uses ${version}`;
    if (!pin.hashes.every((hash) => hashes.includes(hash)))
      return `pins ${provider} ${pin.version} by other hashes than the plan`;
  }
  return undefined;
}

interface Pin {
  readonly version: string;
  readonly hashes: readonly string[];
}

function readLock(bytes: Uint8Array): ReadonlyMap<string, Pin> | undefined {
  const { value, problems } = readHcl(toText(bytes));
  const blocks = value.fields.filter(({ name }) => name === "provider").map((field) => field.value);
  const pins = new Map(blocks.map((block) => [labelOf(block), toPin(block)]));
  return problems.length > 0 || pins.size < blocks.length ? undefined : pins;
}

function labelOf(block: ConfigurationValue): string {
  return fieldsOf(block, LABEL)[0]?.literal ?? "";
}

function toPin(block: ConfigurationValue): Pin {
  return {
    version: literalOf(block, "version") ?? "",
    hashes: fieldsOf(block, "hashes").flatMap(textsOf),
  };
}
