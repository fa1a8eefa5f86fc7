// SPDX-License-Identifier: Apache-2.0
import { type ConfigurationValue, fieldsOf, literalOf } from "../configuration-value.ts";
import type { Danger, DeclaredResource } from "../resource.ts";
import { type Attribute, type AttributeChange, type ChangeView, describe, toSnake } from "./change-view.ts";
import { sequencesIn } from "./rule-sequences.ts";

/** Links of a proxy's chain that ask who calls, or refuse. */
const CHECKS =
  /(?:^|[._@/\s-])(?:jwt(?:[-_]?authn?)?|rbac|(?:ext[-_])?auth[nz]?|authentication|authorization|ext[-_]?auth[nz]?|oauth2?(?:[-_]\w+)?|oidc|openid[-_]connect|(?:basic|key|hmac|digest|ldap|mtls|forward|request|api)[-_]?auth(?:[-_]\w+)?|api[-_]?keys?(?:[-_]auth)?|acl|csrf|waf|coraza|mod_?security|bot[-_]detection|ip[-_]?(?:restriction|allow[-_]?list|white[-_]?list)|(?:local[-_]|global[-_])?rate[-_]?limit(?:ing|er)?(?:[-_]\w+)?|limit[-_](?:req|count|conn)|in[-_]?flight[-_]?req|opa|saml)(?:$|[._@/\s-])/i;
const CHAINS =
  /^(?:http_filters|filters|network_filters|middlewares|plugins|authenticators|config_patches|policies)$/;
/** Annotations that name such links, by commas. */
const NAMED_LINKS =
  /(?:router[._]middlewares|konghq\.com\/(?:plugins|override)|apisix\.apache\.org\/plugin_config_name)$/;
/** Objects that are such a link themselves. */
const LINKS =
  /^(?:kong_(?:cluster_)?plugin|middleware(?:_tcp)?|apisix_plugin_config|konnect_gateway_plugin_\w+)$/;
/** What a proxy's own configuration says in a line, and an element of a policy of API Management. */
const LINES =
  /^\s*(?:auth_request\s+(?!off)|auth_basic\s+(?!off)|auth_jwt\s+(?!off)|ssl_verify_client\s+(?:on|optional)\b|deny\s+all|limit_(?:req|conn)\s|modsecurity\s+on|http-request\s+(?:deny|auth|reject)\b|tcp-request\s+\w+\s+reject\b|basic_?auth\b|forward_auth\b|Require\s+(?:valid-user|group|user|ip|ldap\S*)\b|<(?:validate-jwt|validate-azure-ad-token|validate-client-certificate|validate-content|check-header|ip-filter|rate-limit|rate-limit-by-key|quota|authentication-certificate)\b)/;
const TAGS = /<(?=(?:validate-|check-header|ip-filter|rate-limit|quota\b|authentication-certificate))/g;

/** A proxy that asks no longer: a filter, plugin, middleware or line that did is gone or switched off. */
export function findProxyDangers(view: ChangeView): readonly Danger[] {
  const { before, after } = view.pair;
  if (before === null || after === null || !view.changes.some(mayBeLink)) return [];
  const [old, now] = [countTexts(linksOf(before, view.before)), countTexts(linksOf(after, view.after))];
  const gone = findFewer(old, now);
  // One that takes the place of another asks in its stead.
  if (gone.length <= findFewer(now, old).length) return [];
  return describe("protection-off", "no longer asks:", gone);
}

/** Where no such name changes, and no text of several lines, no link does. */
function mayBeLink({ path, before, after }: AttributeChange): boolean {
  return (
    /filters|middlewares|plugins?|authenticators|config_patches|policies|enabled?$|disabled$|^spec\./.test(
      path,
    ) || [...before, ...after].some((text) => text.includes("\n"))
  );
}

const findFewer = (old: ReadonlyMap<string, number>, now: ReadonlyMap<string, number>) =>
  [...old].filter(([name, count]) => (now.get(name) ?? 0) < count).map(([name]) => name);

function countTexts(texts: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}

/** Names of links that are on. */
function linksOf(resource: DeclaredResource, side: readonly Attribute[]): readonly string[] {
  if (!PROXIES.has(resource.kind)) return [];
  const type = toSnake(resource.type);
  const chained = sequencesIn(resource.body)
    .filter(({ name }) => CHAINS.test(toSnake(name)))
    .flatMap(({ items }) => items.flatMap(namesOf));
  const annotated = side
    .filter(({ path }) => NAMED_LINKS.test(path))
    .flatMap(({ text }) => text.split(/\s*,\s*/));
  const own = LINKS.test(type) ? namesOf(resource.body) : [];
  return [
    ...[...chained, ...annotated, ...own].filter((name) => CHECKS.test(name)),
    ...linesOf(resource, side),
  ];
}

const PROXIES: ReadonlySet<string> = new Set([
  "mesh",
  "kubernetes",
  "helm",
  "terraform",
  "pulumi",
  "ansible",
]);

/** Of a link its name; of a map of them their keys. */
function namesOf(item: ConfigurationValue): readonly string[] {
  if (item.literal !== null) return [item.literal];
  const isOff =
    literalOf(item, "disabled") === "true" ||
    ["enabled", "enable"].some((name) => literalOf(item, name) === "false");
  if (isOff) return [];
  const [patch] = fieldsOf(item, "patch").flatMap((each) => fieldsOf(each, "value"));
  const [reference] = fieldsOf(item, "extensionRef", "extension_ref");
  const named = [patch ?? item, ...(reference === undefined ? [] : [reference])];
  const names = named.flatMap((each) => NAMES.flatMap((name) => literalOf(each, name) ?? []));
  if (names.length > 0) return [names.join(" ")];
  return [item, ...fieldsOf(item, "spec")].flatMap((each) => each.fields.map(({ name }) => toSnake(name)));
}

const NAMES = ["name", "plugin", "handler", "plugin_name", "kind"];

function linesOf({ kind }: DeclaredResource, side: readonly Attribute[]): readonly string[] {
  if (kind === "mesh") return [];
  return side
    .filter(({ text }) => text.includes("\n"))
    .flatMap(({ text }) => text.slice(0, 100_000).replace(TAGS, "\n<").split("\n"))
    .filter((line) => line.length < 1000)
    .flatMap((line) => LINES.exec(line)?.[0].trim().replace(/\s+/g, " ") ?? []);
}
