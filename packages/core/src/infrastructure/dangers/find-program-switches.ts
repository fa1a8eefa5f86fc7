// SPDX-License-Identifier: Apache-2.0
import { literalOf, objectsIn } from "../configuration-value.ts";
import type { Danger, DeclaredResource } from "../resource.ts";
import { type Attribute, type ChangeView, describe } from "./change-view.ts";

const GUARDS =
  "AUTH|AUTHN|AUTHZ|AUTHENTICATION|AUTHORIZATION|LOGIN|OIDC|OAUTH2?|SSO|SAML|RBAC|ACL|TLS|MTLS|SSL|HTTPS|CSRF|ENCRYPTION|(?:TLS|SSL|CERT(?:IFICATE)?|SIGNATURE|TOKEN|JWT)_(?:VERIFY|VERIFICATION|VALIDATION)|(?:VERIFY|VALIDATE)_(?:TLS|SSL|CERTS?|CERTIFICATES?|SIGNATURES?|TOKENS?|JWT)|AUDIT|AUDIT_LOG(?:GING)?";
/** Settings that a program is told by its environment, whose names leave no doubt of what they switch. */
const SAFE_ON = new RegExp(
  `^(?:[A-Z0-9]+_){0,4}(?:(?:${GUARDS})_(?:ENABLED?|REQUIRED|ENFORCED?|ON)|(?:ENABLE|REQUIRE|ENFORCE)_(?:${GUARDS})|(?:VERIFY|VALIDATE)_(?:TLS|SSL|CERTS?|CERTIFICATES?|SIGNATURES?|TOKENS?|JWT)|(?:TLS|SSL)_(?:VERIFY|VERIFICATION))$`,
);
const SAFE_OFF = new RegExp(
  `^(?:[A-Z0-9]+_){0,4}(?:(?:${GUARDS})_(?:DISABLED?|SKIP)|(?:DISABLE|SKIP|BYPASS)_(?:${GUARDS})|(?:TLS_|SSL_)?INSECURE(?:_SKIP_(?:TLS_)?VERIFY)?|(?:TLS_|SSL_)?SKIP_(?:TLS_|SSL_)?VERIFY|ALLOW_ANONYMOUS|ANONYMOUS(?:_ACCESS|_AUTH)?_ENABLED|ALLOW_INSECURE)$`,
);
const ON = /^(?:true|1|yes|on|enabled|required)$/i;
const OFF = /^(?:false|0|no|off|disabled|none)$/i;

/** A program that is told to ask, to encrypt or to write down no longer. */
export function findProgramSwitches(view: ChangeView): readonly Danger[] {
  const { before, after } = view.pair;
  if (
    before === null ||
    after === null ||
    !view.changes.some(({ path, name }) => name === "value" || HOLDERS.test(path) || LITERALS.test(path))
  )
    return [];
  const now = settingsOf(after, view.after);
  if (now.size === 0) return [];
  const old = settingsOf(before, view.before);
  const turned = [...now].filter(([name, value]) => isTurned(name, old.get(name), value));
  const audits = turned.filter(([name]) => name.includes("AUDIT"));
  const format = ([name, value]: readonly [string, string]) =>
    `${name} ${old.get(name) ?? "(none)"} → ${value}`;
  return [
    ...describe(
      "protection-off",
      "is told to guard no longer:",
      turned.filter((each) => !audits.includes(each)).map(format),
    ),
    ...describe("audit-off", "is told to log no longer:", audits.map(format)),
  ];
}

function isTurned(name: string, old: string | undefined, now: string): boolean {
  if (SAFE_ON.test(name)) return OFF.test(now) && old !== undefined && ON.test(old);
  // What nobody said before was off.
  return SAFE_OFF.test(name) && ON.test(now) && (old === undefined || OFF.test(old));
}

const HOLDERS =
  /(?:^|\.)(?:env|environment|environment_variables?|variables|environment\.variables|data|extra_env(?:_vars)?|env_vars?|envs)\.[\w.-]+$/;
const LITERALS = /(?:^|\.)literals$/;

/** Names in capitals and what they are set to, in whatever form. */
function settingsOf(resource: DeclaredResource, side: readonly Attribute[]): ReadonlyMap<string, string> {
  const settings = new Map<string, string>();
  const add = (name: string, value: string) => {
    if (SAFE_ON.test(name) || SAFE_OFF.test(name)) settings.set(name, value);
  };
  for (const { path, name, text } of side) {
    const [, own, value] = LITERALS.test(path) ? (/^([A-Z][A-Z0-9_]{1,80})=(.*)$/s.exec(text) ?? []) : [];
    if (own !== undefined) add(own, value ?? "");
    else if (HOLDERS.test(path)) add(name.toUpperCase(), text);
  }
  if (side.some(({ name }) => name === "value"))
    for (const each of objectsIn(resource.body)) {
      const [own, value] = [literalOf(each, "name", "Name"), literalOf(each, "value", "Value")];
      if (own !== undefined && value !== undefined && /^[A-Z][A-Z0-9_]{1,80}$/.test(own)) add(own, value);
    }
  return settings;
}
