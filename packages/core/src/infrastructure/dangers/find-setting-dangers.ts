// SPDX-License-Identifier: Apache-2.0
import type { Danger } from "../resource.ts";
import {
  type Attribute,
  type AttributeChange,
  type ChangeView,
  describe,
  formatChange,
} from "./change-view.ts";
import { deriveSettings } from "./derive-settings.ts";

/** Lines of a program's own configuration by which it lets in, or sends, what nobody checked. */
const LAX =
  /^\s*(?:PermitRootLogin\s+yes|PasswordAuthentication\s+yes|PermitEmptyPasswords\s+yes|StrictHostKeyChecking\s+no|protected-mode\s+no|allow_anonymous\s+true|ssl_verify_client\s+off|proxy_ssl_verify\s+off|auth_basic\s+off|autoindex\s+on|ssl_protocols\s[^;\n]{0,60}\b(?:SSLv[23]|TLSv1(?:\.1)?(?![.\d]))|ssl\s*=\s*off|skip[-_]grant[-_]tables\b|require_secure_transport\s*=\s*(?:off|0)|local_infile\s*=\s*(?:on|1)|xpack\.security\.(?:\w+\.)*enabled:\s*false|plugins\.security\.disabled:\s*true|authorization:\s*disabled|allow\.everyone\.if\.no\.acl\.found\s*=\s*true|ssl\.client\.auth\s*=\s*none|tls_disable\s*=\s*(?:true|1|"true")|default_policy\s*=\s*"allow"|insecure_skip_verify[:=]\s*true|verify\s+none\b|host_key_checking\s*=\s*false|loopback_users\s*=\s*none|SELINUX\s*=\s*(?:disabled|permissive)|allow-snippet-annotations:\s*"?true)|^(?:host|local|hostnossl)\s[^\n]{0,300}\strust\s*$/m;
/** Texts that programs are configured by. */
const CONFIGURATIONS =
  /^(?:line|block|content|value|replace|user_data|user_data_base64|custom_data|startup_script|metadata_startup_script)$/;
const PORTS = /(?:^|\.)(?:read_only_port|insecure_port)$/;

/** What well-known programs are told by files, flags and lines. */
export function findSettingDangers(view: ChangeView): readonly Danger[] {
  if (view.isDeleted) return [];
  const changes = view.isCreated ? [] : [...view.changes, ...deriveSettings(view)];
  const lines = view.newTexts
    .filter((each) => isConfiguration(view, each))
    .flatMap(({ text }) => toLaxLine(view, text));
  return [
    ...describe("protection-off", "lets in more easily:", lines),
    ...describe(
      "protection-off",
      "admits what is not checked:",
      changes.filter(isUnplugged).map(formatChange),
    ),
    ...describe(
      "protection-off",
      "answers without asking who calls:",
      changes.filter(isPortOpened).map(formatChange),
    ),
  ];
}

function isConfiguration({ pair, type }: ChangeView, { path, name, text }: Attribute): boolean {
  if (/^pg_hba\w*$/.test(name)) return true;
  if (pair.after?.kind === "ansible") return CONFIGURATIONS.test(name);
  if (pair.after?.kind === "terraform") return CONFIGURATIONS.test(name) && text.includes("\n");
  return (
    (type === "config_map" && path.startsWith("data.")) ||
    (pair.after?.kind === "helm" && text.includes("\n"))
  );
}

/** A line that stood there before is none of this change. */
function toLaxLine(view: ChangeView, text: string): readonly string[] {
  const known = new Set(
    view.before.flatMap((each) => (each.text.includes("\n") ? each.text.split("\n") : [])),
  );
  return text
    .slice(0, 50_000)
    .split("\n")
    .filter((line) => line.length < 1000 && LAX.test(line) && !known.has(line))
    .map((line) => line.trim());
}

/** Plugins of admission that are asked no longer. */
function isUnplugged({ name, before, after }: AttributeChange): boolean {
  if (!name.endsWith("able_admission_plugins")) return false;
  const [old, now] = [before, after].map((texts) => texts.flatMap((text) => text.split(",")));
  if (old === undefined || now === undefined || before.length === 0) return false;
  if (/^enable_admission_plugins$/.test(name)) return old.some((plugin) => !now.includes(plugin));
  return /^disable_admission_plugins$/.test(name) && now.some((plugin) => !old.includes(plugin));
}

function isPortOpened({ path, before, after }: AttributeChange): boolean {
  return (
    PORTS.test(path) && !before.some((text) => Number(text) > 0) && after.some((text) => Number(text) > 0)
  );
}
