// SPDX-License-Identifier: Apache-2.0
import { type ConfigurationValue, flattenValue, objectsIn } from "../configuration-value.ts";
import type { Danger, DeclaredResource } from "../resource.ts";
import { type ChangeView, describe, toSnake } from "./change-view.ts";

const POLICIES = /network_policy/;
/** Lists of who may come in, and of who may be gone to. */
const COMING = new Set(["from", "from_endpoints"]);
const GOING = new Set(["to", "to_endpoints"]);
// Each is compared with each.
const MOST_PEERS = 200;

/**
 * Peers of a NetworkPolicy that ask for less than before. What stands in one element is asked for together; in two of them, by a dash more,
 * either is enough (kubernetes.io, Network Policies).
 */
export function findPeerDangers(view: ChangeView): readonly Danger[] {
  const { before, after } = view.pair;
  if (before === null || after === null || !POLICIES.test(view.type)) return [];
  const verb = "asks for less of who it names:";
  return [
    ...describe("cidr-opened", verb, findLooser(peersIn(before, COMING), peersIn(after, COMING))),
    ...(countUnnamed(after) > countUnnamed(before)
      ? describe("cidr-opened", "lets every workload in:", ["a rule that names nobody"])
      : []),
    ...describe("protection-off", verb, findLooser(peersIn(before, GOING), peersIn(after, GOING))),
  ];
}

/** Rules about ports alone: whoever comes there is let in. */
function countUnnamed({ body }: DeclaredResource): number {
  return objectsIn(body)
    .flatMap((each) => each.fields.filter(({ name }) => name === "ingress"))
    .flatMap(({ value }) => (value.items.length > 0 ? value.items : [value]))
    .filter(({ fields }) => fields.length > 0 && fields.every(({ name }) => name === "ports")).length;
}

type Peer = ReadonlySet<string>;

function peersIn({ body }: DeclaredResource, names: ReadonlySet<string>): readonly Peer[] {
  return objectsIn(body)
    .flatMap((each) => each.fields.filter(({ name }) => names.has(toSnake(name))))
    .flatMap(({ value }) => (value.items.length > 0 ? value.items : [value]))
    .slice(0, MOST_PEERS)
    .map(toPeer);
}

/** All that it asks for, an expression as a whole; `except` takes away, and is told by itself. */
function toPeer(value: ConfigurationValue): Peer {
  const demands = new Set<string>();
  const visit = ({ fields, items, literal, text }: ConfigurationValue, path: string): void => {
    for (const field of fields)
      if (field.name !== "except") visit(field.value, `${path} ${field.name}`.trim());
    for (const item of items)
      demands.add(
        `${path} ${flattenValue(item)
          .map((each) => `${each.path} ${each.text}`.trim())
          .join(" ")}`,
      );
    if (fields.length + items.length === 0 && text !== "{}" && text !== "[]")
      demands.add(`${path} ${literal ?? text}`);
  };
  visit(value, "");
  return demands;
}

function findLooser(old: readonly Peer[], now: readonly Peer[]): readonly string[] {
  return now
    .filter((peer) => peer.size > 0 && !old.some((each) => holds(peer, each)))
    .filter((peer) => old.some((each) => holds(each, peer)))
    .map((peer) => [...peer].join(", "));
}

/** Whether a peer asks for all that the other one asks for. */
function holds(peer: Peer, other: Peer): boolean {
  return other.size <= peer.size && [...other].every((each) => peer.has(each));
}
