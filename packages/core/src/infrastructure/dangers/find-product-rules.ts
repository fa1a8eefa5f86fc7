// SPDX-License-Identifier: Apache-2.0
import {
  type ConfigurationValue,
  fieldsOf,
  flattenValue,
  objectsIn,
  textsOf,
} from "../configuration-value.ts";
import type { IamStatement } from "../find-statements.ts";
import { readJsonValue } from "../text/json-value.ts";
import { toSnake } from "./change-view.ts";

/** Rules of products that have a grammar of their own for who may do what, as statements. */
export function findProductRules(type: string, body: ConfigurationValue): readonly IamStatement[] {
  const own = toSnake(type);
  const read = READERS.find(([types]) => types.test(own))?.[1];
  return read === undefined ? [] : read(body);
}

type ReadRules = (body: ConfigurationValue) => readonly IamStatement[];

const READERS: readonly (readonly [RegExp, ReadRules])[] = [
  [/^(?:tailscale|headscale)_(?:acl|policy)$/, readNetworkRules],
  [
    /(?:elasticsearch|kibana|opensearch)_(?:security_)?(?:api_)?(?:role|key)$|^security_?role$/,
    readIndexRules,
  ],
  [
    /(?:elasticache|memorydb)_(?:user|acl)$|redis\w*_acl$|elasti_cache::user$|memory_db::user$/,
    readCommandRules,
  ],
  [/^rabbitmq_(?:topic_)?permissions$/, readPatternRules],
  [/^(?:teleport_\w*role|teleport_role_?v?\d*)$/, readLoginRules],
];

const toStatement = (
  actions: readonly string[],
  resources: readonly string[],
  principals: readonly string[] = [],
  conditions: readonly string[] = [],
): IamStatement => ({
  ...{
    isAllow: true,
    actions,
    notActions: [],
    resources,
    notResources: [],
    principals,
    notPrincipals: [],
    conditions,
  },
});

const textsIn = (value: ConfigurationValue, ...names: readonly string[]) =>
  fieldsOf(value, ...names).flatMap(textsOf);

/** `acls`, `grants` and `ssh` of Tailscale, with or without comments (tailscale.com/kb/1337). */
function readNetworkRules(body: ConfigurationValue): readonly IamStatement[] {
  const written = fieldsOf(body, "acl", "policy")
    .filter(({ literal }) => literal !== null && /^\s*[{/]/.test(literal))
    .map(({ literal }) => readJsonValue((literal ?? "").slice(0, 500_000)).value);
  return [body, ...written].flatMap(objectsIn).flatMap((each) => {
    const [from, to] = [textsIn(each, "src", "users_from"), textsIn(each, "dst", "ports")];
    if (from.length === 0 || to.length === 0) return [];
    const users = textsIn(each, "users").map((user) => `ssh ${user}`);
    const ports = textsIn(each, "ip", "proto");
    const isChecked = fieldsOf(each, "action").some(({ literal }) => literal === "check");
    return [
      toStatement(
        users.length > 0 ? users : ports.length > 0 ? ports.map((port) => `connect ${port}`) : ["connect"],
        to.flatMap(toPorts),
        from.map((source) => (source === "autogroup:danger-all" ? "*" : source)),
        isChecked ? ["a login that is asked for again"] : [],
      ),
    ];
  });
}

/** `tag:prod:22,443` is two places. */
function toPorts(destination: string): readonly string[] {
  const at = destination.lastIndexOf(":");
  if (at < 0 || !/^[\d,*-]+$/.test(destination.slice(at + 1))) return [destination];
  return destination
    .slice(at + 1)
    .split(",")
    .map((port) => `${destination.slice(0, at)}:${port}`);
}

const EVERYTHING = /^(?:all|unlimited|\*|indices_all|cluster_all|indices:\*|cluster:\*)$/;
const toRight = (right: string) => (EVERYTHING.test(right) ? "*" : right);

/** Roles of Elasticsearch, Kibana and OpenSearch. */
function readIndexRules(body: ConfigurationValue): readonly IamStatement[] {
  return objectsIn(body).flatMap((each) => {
    const rights = textsIn(each, "privileges", "allowed_actions", "allowedActions").map(toRight);
    const on = textsIn(each, "names", "index_patterns", "indexPatterns", "resources", "tenant_patterns");
    const cluster = textsIn(each, "cluster", "clusters", "cluster_permissions", "clusterPermissions").map(
      toRight,
    );
    const runs = textsIn(each, "run_as", "runAs");
    return [
      ...(rights.length > 0 ? [toStatement(rights, on.length > 0 ? on : ["*"])] : []),
      ...(cluster.length > 0 ? [toStatement(cluster, ["the cluster"])] : []),
      ...(runs.length > 0 ? [toStatement(["run_as"], runs)] : []),
    ];
  });
}

/** `on ~app:* +@read` of Redis (redis.io/docs/latest/operate/oss_and_stack/management/security/acl). */
function readCommandRules(body: ConfigurationValue): readonly IamStatement[] {
  return flattenValue(body)
    .filter(({ name }) => /^access_?string$/i.test(name))
    .map(({ text }) => {
      const words = text
        .split(/\s+/)
        .map((word) => word.replace(/^allcommands$/, "+@all").replace(/^allkeys$/, "~*"));
      const actions = words
        .filter((word) => word.startsWith("+"))
        .map((word) => (word === "+@all" ? "*" : word.slice(1)));
      const keys = words
        .filter((word) => /^(?:~|%\w+~|&)/.test(word))
        .map((word) => word.replace(/^(?:~|%\w+~)/, ""));
      return toStatement(actions, keys.length > 0 ? keys : [""]);
    })
    .filter(({ actions }) => actions.length > 0);
}

/** What a user of RabbitMQ may configure, write and read, by a regular expression each. */
function readPatternRules(body: ConfigurationValue): readonly IamStatement[] {
  return objectsIn(body).flatMap(({ fields }) =>
    fields
      .filter(
        ({ name, value }) =>
          /^(?:configure|write|read)$/.test(name) && (value.literal ?? "") !== "" && value.literal !== "^$",
      )
      .map(({ name, value }) =>
        toStatement(
          [name],
          [/^\^?\.[*+]\$?$/.test(value.literal ?? "") ? "*" : (value.literal ?? value.text)],
        ),
      ),
  );
}

/** What a role of Teleport allows: accounts, labels of what may be reached, rules. */
function readLoginRules(body: ConfigurationValue): readonly IamStatement[] {
  const allowed = fieldsOf(body, "spec")
    .flatMap((spec) => [spec, ...spec.items])
    .flatMap((spec) => fieldsOf(spec, "allow"));
  return allowed
    .flatMap((each) => flattenValue(each))
    .filter(({ path }) => path !== "")
    .map(({ path, text }) => toStatement([toSnake(path)], [text]));
}
