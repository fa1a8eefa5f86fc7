// SPDX-License-Identifier: Apache-2.0
import { type ConfigurationValue, flattenValue } from "../configuration-value.ts";
import type { DeclaredResource } from "../resource.ts";
import { type AttributeChange, type ChangeView, toSnake } from "./change-view.ts";

/** What a setting is called, and what it is set to, where both are values: `parameter { name = "rds.force_ssl" value = "1" }`. */
const NAMES = /^(?:name|key|parameter_?name|option_?name|setting_?name|setting_?id)$/i;
const VALUES = /^(?:value|default_?value|parameter_?value|option_?value|setting_?value)$/i;
/** Where a program is told what to do. */
const COMMANDS =
  /(?:^|\.)(?:command|args|arguments|cmd|entrypoint|entry_point|container_command|extra_args|arg|exec_start)$/;
/** Names under which settings of a database stand as keys; elsewhere they are what programs and people read. */
const PARAMETERS =
  /parameter_?group|dbparameter|dbcluster_?parameter|database_flags|server_configuration|configuration_info|storage_class$/;

/**
 * Changes of settings that are no attributes of their own: pairs of a name and a value, flags of a command, keys of a group of parameters.
 * Paths begin with what holds them.
 */
export function deriveSettings(view: ChangeView): readonly AttributeChange[] {
  const known = KNOWN.get(view);
  if (known !== undefined) return known;
  const found = view.isDeleted || !mayHold(view) ? [] : compareSettings(view);
  KNOWN.set(view, found);
  return found;
}

/** Several rules ask of the same view. */
const KNOWN = new WeakMap<ChangeView, readonly AttributeChange[]>();

function compareSettings(view: ChangeView): readonly AttributeChange[] {
  const [before, after] = [settingsOf(view, view.pair.before), settingsOf(view, view.pair.after)];
  return [...new Set([...after.keys(), ...before.keys()])].flatMap((path) => {
    const [old, now] = [before.get(path) ?? [], after.get(path) ?? []];
    const name = path.slice(Math.max(path.lastIndexOf("."), path.lastIndexOf("/")) + 1);
    return old.join("\0") === now.join("\0") ? [] : [{ path, name, before: old, after: now }];
  });
}

/** Nearly every change has none, and is asked no further. */
function mayHold({ changes, type }: ChangeView): boolean {
  return (
    PARAMETERS.test(type) ||
    type === "config_map" ||
    changes.some(({ path, name }) => NAMES.test(name) || VALUES.test(name) || COMMANDS.test(path))
  );
}

type Settings = Map<string, string[]>;

function settingsOf(
  view: ChangeView,
  resource: DeclaredResource | null,
): ReadonlyMap<string, readonly string[]> {
  const settings: Settings = new Map();
  if (resource === null) return settings;
  // What stands beside a resource's parameters is one of them; elsewhere `parameters` are what programs read.
  const pairs: Settings = new Map();
  addPairs(pairs, resource.body, "");
  for (const [path, texts] of pairs)
    settings.set(PARAMETERS.test(view.type) ? path.replace(/^parameters\./, "settings.") : path, texts);
  if (view.type === "config_map") addConfiguration(settings, resource);
  const side = resource === view.pair.after ? view.after : view.before;
  const words = side
    .filter(({ path }) => COMMANDS.test(path))
    .flatMap(({ text }) => text.slice(0, 20_000).split(/[\s"'[\]]+/));
  addFlags(settings, words);
  if (PARAMETERS.test(view.type))
    for (const { path, text } of side.filter((each) => each.path.startsWith("parameters.")))
      add(settings, `settings.${path.slice("parameters.".length)}`, text);
  return settings;
}

function add(settings: Settings, path: string, text: string): void {
  const known = settings.get(path);
  if (known === undefined) settings.set(path, [text]);
  else known.push(text);
}

function addPairs(settings: Settings, value: ConfigurationValue, path: string): void {
  const find = (pattern: RegExp) => value.fields.find((field) => pattern.test(field.name))?.value;
  const [name, set] = [find(NAMES)?.literal, find(VALUES)];
  if (typeof name === "string" && /^[\w./-]{1,100}$/.test(name) && set !== undefined)
    add(settings, `${path}${path === "" ? "" : "."}${toSnake(name)}`, set.literal ?? set.text);
  for (const field of value.fields)
    addPairs(settings, field.value, path === "" ? toSnake(field.name) : `${path}.${toSnake(field.name)}`);
  for (const item of value.items) addPairs(settings, item, path);
}

/** ConfigMaps by which well-known programs are configured: each key is a setting, its dots are part of the name. */
const CONFIGURING =
  /^(?:ingress-nginx|nginx-ingress|nginx-configuration|nginx-config|argocd-cm$|argocd-cmd-params-cm$|config-|istio$|cilium-config$|kubelet-config|kubeadm-config)/;

/** Of other ConfigMaps only what a file in them says is a setting; their plain keys are what programs call as they like. */
function addConfiguration(settings: Settings, { name, body }: DeclaredResource): void {
  const isKnown = CONFIGURING.test(name) || /ingress-nginx-controller/.test(name);
  for (const { name: section, value } of body.fields) {
    if (section !== "data") continue;
    for (const { name: key, value: own } of value.fields) {
      const isFile = own.fields.length + own.items.length > 0;
      if (!isFile && isKnown)
        add(settings, `settings.${toSnake(key).replaceAll(".", "_")}`, own.literal ?? own.text);
      if (!isFile) continue;
      for (const { path, text } of flattenValue(own)) add(settings, `settings.${toSnake(path)}`, text);
    }
  }
}

/** `--name=value`, `--name value` and a bare `--name`, which is on. */
function addFlags(settings: Settings, words: readonly string[]): void {
  for (const [at, word] of words.entries()) {
    const [, name, value] = /^--?([a-z][\w-]{1,60})(?:=(.*?))?,?$/s.exec(word) ?? [];
    if (name === undefined) continue;
    const next = words[at + 1];
    const follows = next !== undefined && next !== "" && !next.startsWith("-");
    add(settings, `flags.${toSnake(name)}`, value ?? (follows ? next : "true"));
  }
}
