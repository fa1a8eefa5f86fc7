// SPDX-License-Identifier: Apache-2.0
import type { Danger, DangerCode } from "../resource.ts";
import { type AttributeChange, type ChangeView, describe, formatChange } from "./change-view.ts";

/** What becomes of what no rule names, by whatever provider it is called so. */
const DEFAULTS =
  /^(?:(?:default_)?(?:inbound|outbound|input|output|forward|ingress|egress)(?:_default)?_(?:policy|action)|default_(?:policy|action|decision|verdict|access|(?:inbound|outbound|ingress|egress|incoming|outgoing)(?:_\w+)?|endpoint_to_host_action)|\w+_default_(?:policy|action)|policy_(?:in|out|forward|default)|(?:incoming|outgoing|routed)_policy)$/;
const REFUSES = /^(?:deny|drop|block|reject|refuse)$/i;
const PASSES = /^(?:allow|accept|pass|permit|permissive)$/i;
/** Providers that let pass where nothing is said. */
const OPEN_BY_DEFAULT = /^inbound_default_policy$/;
const OUTBOUND = /outbound|output|egress|outgoing|policy_out|^outgoing/;
const INSPECTS = /waf|web_acl|rule_?set|bot|rate/;
/** Rights that no rule names. */
const RIGHTS = /^(?:acl|authorization)$|(?:^|\.)(?:acl|authorization)\./;
/** Cilium: whether what a policy selects is refused all that no rule allows. */
const DENIED_BY_DEFAULT = /(?:^|\.)enable_default_deny\.(ingress|egress)$/;

/** What no rule names was refused, and passes now. */
export function findDefaultDangers(view: ChangeView): readonly Danger[] {
  if (view.isCreated || view.isDeleted) return [];
  return view.changes.flatMap((change) => {
    const code = isOpened(change) ? toCode(view, change) : toLiftedCode(change);
    return code === undefined ? [] : describe(code, "lets pass what no rule names:", [formatChange(change)]);
  });
}

function isOpened({ name, before, after }: AttributeChange): boolean {
  if (!DEFAULTS.test(name)) return false;
  const isOpen =
    after.some((text) => PASSES.test(text)) || (after.length === 0 && OPEN_BY_DEFAULT.test(name));
  return isOpen && before.some((text) => REFUSES.test(text)) && !before.some((text) => PASSES.test(text));
}

function toCode({ type, category }: ChangeView, { path, name }: AttributeChange): DangerCode {
  if (OUTBOUND.test(name) || INSPECTS.test(type)) return "protection-off";
  return category === "iam" || RIGHTS.test(type) || RIGHTS.test(path) ? "privilege-widened" : "cidr-opened";
}

function toLiftedCode({ path, before, after }: AttributeChange): DangerCode | undefined {
  const direction = DENIED_BY_DEFAULT.exec(path)?.[1];
  if (direction === undefined || before.includes("false") || !after.includes("false")) return undefined;
  return direction === "ingress" ? "cidr-opened" : "protection-off";
}
