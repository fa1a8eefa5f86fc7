// SPDX-License-Identifier: Apache-2.0
import { type ConfigurationValue, fieldsOf, flattenValue, textsOf } from "../configuration-value.ts";
import type { IamStatement } from "../find-statements.ts";

/** `path "secret/*" { capabilities = ["read"] }` of Vault, and `key_prefix "" { policy = "write" }` of Consul and Nomad. */
const RULE =
  /(?:^|[\s;}])(path|(?:key|service|node|session|agent|event|query|namespace|host_volume)(?:_prefix)?)\s+"([^"\n]{0,300})"\s*\{([^{}]{0,2000})/g;
const CAPABILITIES = /\bcapabilities\s*=\s*\[([^\]]{0,1000})\]/;
const POLICY = /\bpolicy\s*=\s*"(\w{1,20})"/;

/** Rules of such policies as statements, where they stand as a text or are a file of their own. */
export function findPathRules(type: string, name: string, body: ConfigurationValue): readonly IamStatement[] {
  if (type === "path") {
    const capabilities = fieldsOf(body, "capabilities").flatMap(textsOf);
    return capabilities.length === 0 ? [] : [toStatement("path", name, capabilities)];
  }
  if (!/(?:vault|consul|nomad)_\w*policy$/.test(type)) return [];
  return flattenValue(body)
    .filter(({ text }) => text.includes("{"))
    .flatMap(({ text }) => [
      ...text
        .slice(0, 100_000)
        .replace(/(^|\s)#[^\n]*/g, "$1")
        .matchAll(RULE),
    ])
    .flatMap(([, kind = "", target = "", rule = ""]) => {
      const listed = CAPABILITIES.exec(rule)?.[1]
        ?.split(",")
        .map((each) => each.replace(/[\s"]/g, ""));
      const policy = POLICY.exec(rule)?.[1];
      const actions = (listed ?? (policy === undefined ? [] : (LEVELS.get(policy) ?? [policy]))).filter(
        Boolean,
      );
      return actions.length === 0 ? [] : [toStatement(kind, target, actions)];
    });
}

/** Whoever may write may read. */
const LEVELS: ReadonlyMap<string, readonly string[]> = new Map([["write", ["read", "write"]]]);

function toStatement(kind: string, target: string, actions: readonly string[]): IamStatement {
  const isDenial = actions.includes("deny");
  const glob = kind.endsWith("_prefix") ? `${target}*` : target.replaceAll("+", "*");
  return {
    isAllow: !isDenial,
    actions: isDenial ? ["*"] : actions,
    notActions: [],
    resources: [`${kind.replace(/_prefix$/, "")} ${glob}`],
    notResources: [],
    principals: [],
    notPrincipals: [],
    conditions: [],
  };
}
