// SPDX-License-Identifier: Apache-2.0
import { join } from "node:path";
import type { ConfigReader } from "./config-reader.ts";
import { findNode } from "./edit-json.ts";
import type { HookPlace, HookScope } from "./hook-descriptor.ts";
import type { HookFinding } from "./hook-finding.ts";
import { isOurs } from "./json-hooks.ts";
import { parseNodes } from "./json-nodes.ts";
import { namingFile } from "./naming-file.ts";
import type { HookRequest } from "./plan-hooks.ts";

interface HookedFile {
  readonly place: HookPlace;
  readonly path: string;
}

/** Reasons why an agent does not run hooks that are well installed. */
export function checkAgent(
  request: HookRequest,
  { hooked, places }: { readonly hooked: readonly HookedFile[]; readonly places: readonly HookPlace[] },
  reader: ConfigReader,
): readonly HookFinding[] {
  switch (request.agent.name) {
    case "codex":
      return checkTrust(request, hooked, reader);
    case "claude-code":
      return findSwitch(request, places, reader, { path: ["disableAllHooks"], off: true });
    case "gemini-cli":
      return findSwitch(request, places, reader, { path: ["hooksConfig", "enabled"], off: false });
    case "qwen-code":
      return findSwitch(request, places, reader, { path: ["disableAllHooks"], off: true });
    default:
      return [];
  }
}

/**
 * Codex notes trusted hooks in config.toml, as `[hooks.state."<file>:<event>:<group>:<handler>"]` with a digest; how it digests is
 * not documented, so a hook that was changed after it had been trusted is not seen here. Codex says nothing either way.
 */
function checkTrust(
  request: HookRequest,
  hooked: readonly HookedFile[],
  reader: ConfigReader,
): readonly HookFinding[] {
  const home = request.environment.CODEX_HOME || join(request.home, ".codex");
  const config = reader.read(join(home, "config.toml")) ?? "";
  const untrusted = hooked.filter(({ path }) => keysOf(path, reader).some((key) => !isTrusted(config, key)));
  const findings: HookFinding[] = untrusted.map(({ path }) => ({
    agent: "codex",
    state: "untrusted",
    path,
    message:
      "Codex passes over hooks that nobody trusted, without a word: start codex, enter /hooks and trust ours",
  }));
  if (/^\s*(?:codex_)?hooks\s*=\s*false/m.test(sectionOf(config, "features")))
    findings.push({
      agent: "codex",
      state: "disabled",
      path: join(home, "config.toml"),
      message: "hooks are switched off ([features] hooks = false)",
    });
  return findings;
}

function keysOf(path: string, reader: ConfigReader): readonly string[] {
  const events = findNode(parseNodes(reader.read(path) ?? "{}"), ["hooks"])?.members ?? [];
  return events.flatMap(({ key, node }) => {
    const group = node.items?.findIndex((item) => isOurs(item.value)) ?? -1;
    const handlers = node.items?.[group] && findNode(node.items[group], ["hooks"]);
    const handler = handlers?.items?.findIndex((item) => isOurs(item.value)) ?? -1;
    const event = key.replace(/(?<=[a-z])(?=[A-Z])/g, "_").toLowerCase();
    return group < 0 || handler < 0 ? [] : [`${path}:${event}:${group}:${handler}`];
  });
}

function isTrusted(config: string, key: string): boolean {
  const at = config.indexOf(JSON.stringify(key));
  const other = config.indexOf(`'${key}'`);
  const from = at >= 0 ? at : other;
  return from >= 0 && /trusted_hash\s*=/.test(config.slice(from).split(/\n\s*\[/, 1)[0] ?? "");
}

function sectionOf(config: string, name: string): string {
  return config.split(/^\s*(?=\[)/m).find((section) => section.startsWith(`[${name}]`)) ?? "";
}

interface Switch {
  readonly path: readonly string[];
  /** The value that keeps all hooks from running. */
  readonly off: boolean;
}

/** Which settings count where several say something, the first before the others. */
const NEAREST: readonly HookScope[] = ["local", "project", "user"];

/** A switch in the settings that count: it keeps hooks from running wherever they stand. */
function findSwitch(
  request: HookRequest,
  places: readonly HookPlace[],
  reader: ConfigReader,
  { path, off }: Switch,
): readonly HookFinding[] {
  const files = NEAREST.flatMap((scope) =>
    places.filter((place) => place.scope === scope).map((place) => place.path(request)),
  );
  for (const file of files) {
    const value = readValue(file, path, reader);
    if (value === off) {
      const message = `hooks are switched off (${path.join(".")})`;
      return [{ agent: request.agent.name, state: "disabled", path: file, message }];
    }
    if (typeof value === "boolean") return [];
  }
  return [];
}

function readValue(file: string, path: readonly string[], reader: ConfigReader): unknown {
  const text = reader.read(file);
  return text === undefined ? undefined : namingFile(file, () => findNode(parseNodes(text), path)?.value);
}
