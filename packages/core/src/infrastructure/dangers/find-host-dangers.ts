// SPDX-License-Identifier: Apache-2.0
import type { Danger } from "../resource.ts";
import {
  type Attribute,
  type AttributeChange,
  type ChangeView,
  describe,
  formatChange,
} from "./change-view.ts";
import { isStore } from "./find-replacement-dangers.ts";

const SUDO = /NOPASSWD|ALL\s*=\s*\(\s*(?:ALL|root)/;
const WATCHMEN =
  /^(?:auditd|rsyslog|syslog-ng|systemd-journald|osqueryd|falco|wazuh-agent|fluent-bit|filebeat|amazon-cloudwatch-agent)(?:\.service)?$/;
const DEFENDERS =
  /^(?:firewalld|ufw|nftables|iptables|fail2ban|apparmor|selinux|clamav\S*|unattended-upgrades|dnf-automatic|yum-cron|aide|rkhunter|crowdsec|sshguard|usbguard)(?:\.service)?$/;
const ROOT_GROUPS = /^(?:wheel|sudo|root|docker|admin)$/;
const SECRET_FILES =
  /(?:\.key|\.pem|\.p12|\.pfx|id_(?:rsa|ed25519|ecdsa)|shadow|\.env|credentials|secret\w*)$/i;
const ANYWHERE = /^(?:any|0\.0\.0\.0\/0|::\/0)$/;

/** What a task does to the machines that it runs on. */
export function findHostDangers(view: ChangeView): readonly Danger[] {
  if (view.pair.after?.kind !== "ansible") return [];
  const fresh = view.newAttributes;
  const changes = view.changes;
  return [
    ...describe(
      "privilege-widened",
      "makes root of",
      fresh.filter(isRoot).map(({ text }) => text),
    ),
    ...describe(
      "cidr-opened",
      "lets in everybody:",
      fresh.filter(isOpen).map(({ path, text }) => `${path} ${text}`),
    ),
    ...describe(
      "rule-order-changed",
      "is matched before others:",
      changes.filter((change) => isAhead(view, change)).map(formatChange),
    ),
    ...findStopped(view),
    ...describe(
      "privilege-widened",
      "runs as root:",
      view.isCreated ? [] : changes.filter(isBecoming).map(formatChange),
    ),
    ...describe("cidr-opened", "no longer refuses:", changes.filter(isAllowed).map(formatChange)),
    ...describe("secret-exposed", "is written to the log:", changes.filter(isLogged).map(formatChange)),
    ...describe(
      "secret-exposed",
      "can be read by others:",
      changes.filter((change) => isReadable(view, change)).map(formatChange),
    ),
    ...describe(
      "secret-exposed",
      "is no longer encrypted:",
      changes.filter(isDecrypted).map(({ path }) => path),
    ),
    ...(isStore(view) && changes.some(isAbsent)
      ? [{ code: "data-store-replaced" as const, reason: "the data store is deleted, and its data with it" }]
      : []),
  ];
}

function isRoot({ name, text }: Attribute): boolean {
  if (/^(?:line|block|content|insertafter|commands|rule)$/.test(name)) return SUDO.test(text);
  if (name === "nopassword") return /^(?:true|yes)$/i.test(text);
  if (name === "priv") return /\*\.\*:.*\bALL\b|SUPERUSER/i.test(text);
  return /^groups?$/.test(name) && text.split(",").some((group) => ROOT_GROUPS.test(group.trim()));
}

function isBecoming({ name, before, after }: AttributeChange): boolean {
  const isOn = (text: string) => /^(?:true|yes)$/i.test(text);
  return name === "become" && after.some(isOn) && !before.some(isOn);
}

function isAllowed({ name, before, after }: AttributeChange): boolean {
  const isVerb = /^(?:rule|policy|default|jump|target)$/.test(name);
  return (
    isVerb && /^(?:deny|reject|drop)$/i.test(before[0] ?? "") && /^(?:allow|accept)$/i.test(after[0] ?? "")
  );
}

function isLogged({ name, before, after }: AttributeChange): boolean {
  return (
    name === "no_log" && /^(?:true|yes)$/i.test(before[0] ?? "") && !/^(?:true|yes)$/i.test(after[0] ?? "")
  );
}

function isOpen({ name, text }: Attribute): boolean {
  return /^(?:from_ip|from|src|source|source_ip)$/.test(name) && ANYWHERE.test(text);
}

function isAhead({ type }: ChangeView, { name, before, after }: AttributeChange): boolean {
  if (!/iptables|ufw|nftables|firewall/.test(type)) return false;
  if (/^(?:action|insert|position)$/.test(name))
    return after.includes("insert") || (name !== "action" && before.join() !== after.join());
  return name === "rule_num" && before.join() !== after.join();
}

function findStopped(view: ChangeView): readonly Danger[] {
  const service = view.after.find(({ name }) => name === "name" || name === "unit")?.text ?? "";
  const stopped = view.changes.filter(
    ({ name, after }) =>
      (name === "state" && after.some((text) => /^(?:stopped|absent)$/.test(text))) ||
      (name === "enabled" && after.some((text) => /^(?:false|no)$/.test(text))),
  );
  const selinux = view.type.endsWith("selinux")
    ? view.changes.filter(({ name, after }) => name === "state" && /disabled|permissive/.test(after.join()))
    : [];
  const firewalls = /(?:^|\.)(?:ufw|firewalld)$/.test(view.type)
    ? view.changes.filter(
        ({ name, after }) => name === "state" && /^(?:disabled|reset|absent)$/.test(after.join()),
      )
    : [];
  return [
    ...(WATCHMEN.test(service)
      ? describe("audit-off", `${service} no longer watches:`, stopped.map(formatChange))
      : []),
    ...(DEFENDERS.test(service)
      ? describe("protection-off", `${service} no longer protects:`, stopped.map(formatChange))
      : []),
    ...describe("protection-off", "no longer protects:", firewalls.map(formatChange)),
    ...describe("protection-off", "no longer protects:", selinux.map(formatChange)),
  ];
}

function isReadable(view: ChangeView, { name, before, after }: AttributeChange): boolean {
  const isSecret = view.after.some(
    (each) => /^(?:dest|path|src|name)$/.test(each.name) && SECRET_FILES.test(each.text),
  );
  return isSecret && name === "mode" && opened(after[0]) > opened(before[0] ?? "0600");
}

/** Bits of a file's mode that are others' and the group's. */
function opened(mode = ""): number {
  const octal = /^0?([0-7]{3,4})$/.exec(mode)?.[1];
  return octal === undefined ? 0 : Number.parseInt(octal, 8) & 0o077;
}

function isDecrypted({ before, after }: AttributeChange): boolean {
  return (
    before.some((text) => text.startsWith("!vault")) &&
    after.some((text) => text !== "" && !text.startsWith("!vault"))
  );
}

function isAbsent({ name, before, after }: AttributeChange): boolean {
  return name === "state" && after.includes("absent") && !before.includes("absent");
}
