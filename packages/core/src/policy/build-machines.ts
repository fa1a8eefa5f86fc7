// SPDX-License-Identifier: Apache-2.0
import { parseMachineKey } from "../attestation/machine-key.ts";
import { formatPublicKey } from "../attestation/ssh-public-key.ts";
import { CoreError } from "../ids/index.ts";
import type { BuildContext } from "./build-context.ts";
import type { Machine, Person } from "./policy.ts";
import type { MachineFile } from "./schema.ts";
import type { Path } from "./yaml-source.ts";

/**
 * Machines by id. A key or identity may be one machine's only, and never a person's: a pipeline that held a person's key
 * could sign off in that person's name.
 */
export function buildMachines(
  context: BuildContext,
  people: ReadonlyMap<string, Person>,
): ReadonlyMap<string, Machine> {
  const owners = new Map(
    [...people.values()].flatMap(({ id, keys }) => keys.map((key) => [key.publicKey, `the person ${id}`])),
  );
  const machines = Object.entries(context.file.machines ?? {}).map(([id, file]) => {
    return [id, buildMachine(context, id, file, owners)] as const;
  });
  return new Map(machines);
}

function buildMachine(
  context: BuildContext,
  id: string,
  file: MachineFile,
  owners: Map<string, string>,
): Machine {
  const path: Path = ["machines", id];
  if (file.keys === undefined && file.sigstore === undefined) {
    const example = `{ keys: ["MCowBQYDK2VwAyEA…"], may: [verdict] }`;
    context.fail(path, "nothing says how this machine is known", "`keys` or `sigstore`", example);
  }
  const claim = (name: string, at: Path) => {
    const owner = owners.get(name);
    if (owner !== undefined) {
      const message = `this belongs to ${owner} as well`;
      context.fail(
        at,
        message,
        "a key or identity of its own for every machine",
        "a new key for the machine",
      );
    }
    owners.set(name, `the machine ${id}`);
  };
  const keys = (file.keys ?? []).flatMap((text, i) => {
    const key = buildKey(context, text, [...path, "keys", i]);
    if (key !== undefined) claim(key, [...path, "keys", i]);
    return key === undefined ? [] : [key];
  });
  const given = file.sigstore ?? [];
  const identities = "issuer" in given ? [given] : given;
  for (const { issuer, subject } of identities) claim(`${issuer} ${subject}`, [...path, "sigstore"]);
  return { id, keys, identities, may: [...new Set(file.may)] };
}

function buildKey(context: BuildContext, text: string, path: Path): string | undefined {
  try {
    // Written anew, so that two spellings of one key cannot pass for two.
    return formatPublicKey(parseMachineKey(text));
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    context.fail(
      path,
      error.message,
      "an Ed25519 public key",
      "MCowBQYDK2VwAyEA…, from openssl pkey -in KEY -pubout",
    );
    return undefined;
  }
}
