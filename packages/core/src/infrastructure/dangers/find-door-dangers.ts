// SPDX-License-Identifier: Apache-2.0
import type { Danger } from "../resource.ts";
import { type AttributeChange, type ChangeView, describe, formatChange } from "./change-view.ts";

/** Annotations by which clouds are told that a balancer stands inside, and what they say then. */
const INSIDE: readonly (readonly [RegExp, RegExp])[] = [
  // Amazon, Azure, OpenStack, Oracle, older Amazon: `…-internal: "true"`, "0.0.0.0/0" for the oldest.
  [/load_?balancer_internal$|internal_load_balancer$|_lb_internal$|^internal$/, /^(?:true|0\.0\.0\.0\/0)$/i],
  // alb.ingress.kubernetes.io/scheme, aws-load-balancer-scheme
  [/^(?:scheme|\w*load_balancer_scheme)$/, /^internal$/i],
  // networking.gke.io/load-balancer-type, cloud.google.com/load-balancer-type
  [/^load_balancer_type$/, /^internal$/i],
  // IBM: …-ip-type, Alibaba: …-address-type, DigitalOcean: do-loadbalancer-network, Hetzner: use-private-ip
  [/(?:ip_type|address_type|loadbalancer_network)$/, /^(?:private|intranet|internal)$/i],
  // The class of an ingress, where its name tells.
  [
    /^(?:ingress_?class|ingress_class_name|load_balancer_class|gateway_class_name)$|ingress\.class$/,
    /internal|private|intranet/i,
  ],
];
/** Cilium's names for every address outside of the cluster (docs.cilium.io, entities). */
const WORLD = /^(?:world|world-ipv[46]|all)$/;
const LOOPBACK = /^(?:127\.\d+\.\d+\.\d+|localhost|\[?::1\]?)(?::\d+)?$/;
const ANY_ADDRESS = /^(?:0\.0\.0\.0|\[?::\]?|\*|)(?::\d+)?$/;
const LISTENS =
  /(?:^|_)(?:bind|bind_address|bind_addr|listen|listen_address|listen_host|host|address|addr|http_addr|metrics_bind_address)$/;

/** Doors that no network range tells of: balancers that stand outside, entities, addresses that a program listens on. */
export function findDoorDangers(view: ChangeView): readonly Danger[] {
  if (view.isDeleted) return [];
  const kind = view.pair.after?.kind;
  const isObject = kind === "kubernetes" || kind === "helm" || kind === "mesh";
  const entities = view.changes.filter(isOpenedToWorld);
  return [
    ...describe("cidr-opened", "lets in everything outside:", entities.map(formatChange)),
    ...(isObject && !view.isCreated
      ? describe(
          "cidr-opened",
          "stands outside now:",
          view.changes.filter((change) => isTurnedOut(view, change)).map(formatChange),
        )
      : []),
    ...(view.isCreated
      ? []
      : describe(
          "isolation-lost",
          "listens on all addresses:",
          view.changes.filter(isUnbound).map(formatChange),
        )),
  ];
}

function isOpenedToWorld({ path, before, after }: AttributeChange): boolean {
  return (
    /from_entities$/.test(path) &&
    after.some((text) => WORLD.test(text)) &&
    !before.some((text) => WORLD.test(text))
  );
}

function isTurnedOut(
  { pair, after: now }: ChangeView,
  { path, name, before, after }: AttributeChange,
): boolean {
  const own = path.endsWith("ingress.class") ? "ingress_class" : name;
  const inside = INSIDE.find(([names]) => names.test(own))?.[1];
  if (
    inside === undefined ||
    !before.some((text) => inside.test(text)) ||
    after.some((text) => inside.test(text))
  )
    return false;
  // Under another annotation it may say the same.
  const stands = now.some((each) =>
    INSIDE.some(([names, says]) => names.test(each.name) && each.path !== path && says.test(each.text)),
  );
  const isService = pair.after?.type === "Service";
  return (
    !stands &&
    (!isService || now.some(({ path: own, text }) => own === "spec.type" && text === "LoadBalancer"))
  );
}

function isUnbound({ name, before, after }: AttributeChange): boolean {
  return (
    LISTENS.test(name) &&
    before.length > 0 &&
    before.every((text) => !ANY_ADDRESS.test(text)) &&
    before.some((text) => LOOPBACK.test(text)) &&
    after.some((text) => text !== "" && ANY_ADDRESS.test(text))
  );
}
