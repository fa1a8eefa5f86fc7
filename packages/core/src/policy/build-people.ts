// SPDX-License-Identifier: Apache-2.0
import { formatPublicKey, parsePublicKey } from "../attestation/ssh-public-key.ts";
import { CoreError } from "../ids/index.ts";
import type { BuildContext } from "./build-context.ts";
import { buildInterval } from "./build-interval.ts";
import type { Person, PersonKey } from "./policy.ts";
import type { PersonFile } from "./schema.ts";
import { foldName } from "./sign-offs/find-principal.ts";
import type { Path } from "./yaml-source.ts";

const KEY_ADVICE = {
  expected:
    "`<type> <base64>` as in a .pub file; types ssh-ed25519, sk-ssh-ed25519@openssh.com, ecdsa-sha2-nistp256/384/521, sk-ecdsa-sha2-nistp256@openssh.com, ssh-rsa",
  example: "the one line of ~/.ssh/id_ed25519.pub",
};

/** People by id. An e-mail, login or key may name one person only: otherwise one human could fill two seats (T12). */
export function buildPeople(context: BuildContext): ReadonlyMap<string, Person> {
  const people = new Map<string, Person>();
  const owners = new Map<string, string>();
  for (const [id, file] of Object.entries(context.file.people ?? {})) {
    people.set(id, buildPerson(context, id, file, owners));
  }
  for (const [id, person] of people) {
    const other = owners.get(`login ${foldName(id)}`);
    if (other === undefined || other === id) continue;
    context.fail(
      ["people", id],
      `"${id}" is also a login of ${other}`,
      "ids and logins that name one person",
      `rename "${id}"`,
    );
    people.set(id, person);
  }
  return people;
}

function buildPerson(
  context: BuildContext,
  id: string,
  file: PersonFile,
  owners: Map<string, string>,
): Person {
  const path: Path = ["people", id];
  const claim = (kind: "e-mail" | "login" | "key", value: string, at: Path) => {
    const name = `${kind} ${value}`;
    const owner = owners.get(name);
    if (owner !== undefined && owner !== id) {
      context.fail(
        at,
        `the ${kind} ${value.slice(0, 80)} belongs to both ${owner} and ${id}`,
        `every ${kind} to name one person`,
        `remove it from one of ${owner}, ${id}`,
      );
    }
    owners.set(name, owner ?? id);
  };
  const emails = (file.emails ?? []).map((email, i) => {
    if (!/^[^\s<>,]+$/.test(email))
      context.fail(
        [...path, "emails", i],
        `"${email.slice(0, 80)}" is not an e-mail address`,
        "one address without name or brackets",
        "senior@acme.example",
      );
    claim("e-mail", foldName(email), [...path, "emails", i]);
    return email;
  });
  const logins = (["github", "gitlab", "login"] as const).flatMap((system) => {
    const value = file[system];
    const all = value === undefined ? [] : typeof value === "string" ? [value] : value;
    for (const login of all) claim("login", foldName(login), [...path, system]);
    return all;
  });
  const keys = (file.keys ?? []).flatMap((key, i) => {
    const built = buildKey(context, key, [...path, "keys", i]);
    if (built !== undefined) claim("key", built.publicKey, [...path, "keys", i]);
    return built === undefined ? [] : [built];
  });
  return {
    id,
    kind: file.kind ?? "human",
    emails,
    logins: [...new Set(logins)],
    keys,
    ...buildInterval(context, file, path),
  };
}

type KeyFile = NonNullable<PersonFile["keys"]>[number];

function buildKey(context: BuildContext, file: KeyFile, path: Path): PersonKey | undefined {
  const text = typeof file === "string" ? file : file.key;
  try {
    // Written anew, so that two spellings of one key cannot pass for two keys (T12).
    const publicKey = formatPublicKey(parsePublicKey(text.trim()));
    return { publicKey, ...buildInterval(context, typeof file === "string" ? {} : file, path) };
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    context.fail(path, error.message, KEY_ADVICE.expected, KEY_ADVICE.example);
    return undefined;
  }
}
