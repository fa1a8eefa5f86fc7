// SPDX-License-Identifier: Apache-2.0
import type { Danger } from "../resource.ts";
import { type AttributeChange, type ChangeView, describe, formatChange } from "./change-view.ts";
import { isWorld } from "./network-range.ts";

const POLICIES = /network_?policy/;
const INGRESS = /(?:^|\.)ingress(?:_deny)?(?:\.|$)/;

/** Rules of a network policy that ask for less: no port any more, any name, no request of a kind, no refusal. */
export function findPolicyWidened(view: ChangeView): readonly Danger[] {
  if (!POLICIES.test(view.type) || view.isCreated || view.isDeleted) return [];
  const wider = view.changes.filter((change) => isWider(view, change));
  const [into, out] = [
    wider.filter(({ path }) => INGRESS.test(path)),
    wider.filter(({ path }) => !INGRESS.test(path)),
  ];
  return [
    ...describe("cidr-opened", "lets in more:", into.map(formatChange)),
    ...describe("protection-off", "lets out more:", out.map(formatChange)),
    ...describe(
      "protection-off",
      "no longer looks at requests:",
      view.changes.filter((change) => isUnread(view, change)).map(formatChange),
    ),
  ];
}

function isWider({ after: now }: ChangeView, { path, before, after }: AttributeChange): boolean {
  if (/(?:^|\.)(?:ingress|egress)_deny\./.test(path)) return before.some((text) => !after.includes(text));
  const rule = /^(.*(?:^|\.)(?:ingress|egress)\.)/.exec(path)?.[1];
  if (rule === undefined) return false;
  const isPort =
    /(?:^|\.)(?:ports|to_ports\.ports|(?:source|destination)\.ports)(?:\.|$)/.test(path) &&
    !/\.protocol$/.test(path);
  const stands = now.some(
    (each) => each.path.startsWith(rule) && /(?:from|to|source|destination)/.test(each.path),
  );
  if (isPort) return before.length > 0 && after.length === 0 && stands && !hasPorts(now, rule);
  if (/(?:^|\.)to_fqd_?ns\.match_pattern$/.test(path))
    return after.some((text) => /^\*+(?:\.\*+)*$/.test(text) && !before.includes(text));
  return (
    /egress\.(?:to\.ip_block\.cidr|to_cidr|to_cidr_set\.cidr|destination\.nets)$/.test(path) &&
    after.some((text) => isWorld(text) && !before.includes(text))
  );
}

const hasPorts = (now: ChangeView["after"], rule: string) =>
  now.some(({ path }) => path.startsWith(rule) && /(?:^|\.)ports(?:\.|$)/.test(path));

/** Rules about requests, where the port stays open without them. */
function isUnread({ after: now }: ChangeView, { path, before, after }: AttributeChange): boolean {
  const rules = /^(.*\.to_ports\.)rules\./.exec(path)?.[1];
  return (
    rules !== undefined &&
    before.length > 0 &&
    after.length === 0 &&
    now.some((each) => each.path.startsWith(`${rules}ports`)) &&
    !now.some((each) => each.path.startsWith(`${rules}rules`))
  );
}
