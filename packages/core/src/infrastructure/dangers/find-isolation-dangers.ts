// SPDX-License-Identifier: Apache-2.0
import type { Danger } from "../resource.ts";
import { type Attribute, type ChangeView, describe } from "./change-view.ts";

const CAPABILITIES = /^(?:ALL|(?:CAP_)?(?:SYS_\w+|NET_ADMIN|NET_RAW|DAC_\w+|SETUID|SETGID|BPF|PERFMON))$/;
const HOST_PLACES =
  /^(?:\/|\/(?:etc|root|proc|sys|dev|boot|var\/run\/docker\.sock|run\/docker\.sock|run\/containerd\S*|var\/lib\/kubelet|var\/lib\/docker|var\/run|var\/log)\S*)$/;
const CONTEXT = /security_context|pod_security|linux_parameters|capabilities/;

/** Walls between workloads and what they run on, or between each other. */
export function findIsolationDangers(view: ChangeView): readonly Danger[] {
  if (view.isDeleted)
    return NETWORK_POLICY.test(view.type)
      ? [{ code: "isolation-lost", reason: "what keeps workloads apart is taken away" }]
      : [];
  // Which user an image has, its last stage tells.
  const isImage = view.pair.after?.kind === "dockerfile";
  const fresh = isImage ? view.newAttributes.filter(({ name }) => name !== "user") : view.newAttributes;
  return [
    ...describe(
      "isolation-lost",
      "is less isolated:",
      fresh.filter(isBreach).map(({ path, text }) => `${path} = ${text}`),
    ),
    ...describe(
      "isolation-lost",
      "is no longer confined:",
      view.isCreated || isImage ? [] : findLostContext(view),
    ),
    ...describe("protection-off", "no longer holds for all:", findReleased(view)),
    ...describe("cidr-opened", "lets every workload in:", findAllowAll(view)),
    ...findLostExceptions(view),
  ];
}

const NETWORK_POLICY = /network_policy|networkpolicy/;

/** What a NetworkPolicy no longer holds: another direction, or pods that it selected. */
function findReleased(view: ChangeView): readonly string[] {
  if (!NETWORK_POLICY.test(view.type) || view.isCreated) return [];
  return view.changes
    .filter(({ path, before, after }) => {
      if (/policy_types$/.test(path)) return before.some((text) => !after.includes(text));
      return /(?:^|\.)spec\.(?:pod|endpoint)_selector\.match_labels\./.test(path) && after.length > 0;
    })
    .map(
      ({ path, before, after }) =>
        `${path} ${before.join(", ") || "(all)"} → ${after.join(", ") || "(gone)"}`,
    );
}

function isBreach({ path, name, text }: Attribute): boolean {
  if (/(?:^|\.)capabilities\.add$|(?:^|\.)cap_add$/.test(path)) return CAPABILITIES.test(text);
  if (
    /host_path(?:\.path)?$|(?:^|\.)volumes?(?:$|\.(?:source|host_path))|source_volume|host\.source_path/.test(
      path,
    )
  )
    return HOST_PLACES.test(text.split(":")[0] ?? "") || path.endsWith("host_path.path");
  if (/^(?:run_as_user|run_as_group|fs_group)$/.test(name)) return text === "0";
  if (name === "user") return /^(?:0|root)(?::|$)/.test(text);
  if (name === "network_mode" || name === "pid_mode" || name === "ipc_mode") return text === "host";
  if (/pod_security\.kubernetes\.io\/enforce|pod_security_kubernetes_io\/enforce/.test(path))
    return text === "privileged";
  if (name === "host_port") return text !== "0";
  if (/(?:^|\.)access_config(?:\.|$)/.test(path)) return true;
  if (/seccomp|app_?armor/.test(path)) return /^unconfined$/i.test(text);
  return false;
}

function findLostContext(view: ChangeView): readonly string[] {
  return view.changes
    .filter(({ path, name, before, after }) => {
      if (after.length === 0 && (isHoisted(view, path, before) || isLowered(view, path, before)))
        return false;
      if (/(?:^|\.)vpc_config(?:uration)?\./.test(path)) return after.length === 0;
      if (/capabilities\.drop$/.test(path)) return before.some((text) => !after.includes(text));
      if (name === "run_as_user" || name === "user")
        return after.length === 0 && before.some((text) => !/^(?:0|root)$/.test(text));
      if (name === "allow_privilege_escalation" || name === "privileged") return false;
      return (
        CONTEXT.test(path) && after.length === 0 && before.some((text) => !/^(?:false|0|\{\})$/.test(text))
      );
    })
    .map(({ path, before }) => `${path} was ${before.join(", ")}`);
}

/** What a container no longer says, and its pod says for all of them. */
function isHoisted({ after }: ChangeView, path: string, before: readonly string[]): boolean {
  const ofPod = path.replace(/\.(?:init_)?containers(\.security_context\.)/, "$1");
  return (
    ofPod !== path && before.every((text) => after.some((each) => each.path === ofPod && each.text === text))
  );
}

/** What a pod no longer says, and each of its containers says for itself. */
function isLowered({ after }: ChangeView, path: string, before: readonly string[]): boolean {
  const [, pod, rest] = /^(.*)(security_context\..+)$/.exec(path) ?? [];
  if (pod === undefined || /containers\.$/.test(pod) || before.length !== 1) return false;
  const count = (own: string, text?: string) =>
    after.filter((each) => each.path === own && (text === undefined || each.text === text)).length;
  return (
    count(`${pod}containers.name`) > 0 &&
    ["containers", "init_containers"].every(
      (kind) => count(`${pod}${kind}.${rest}`, before[0]) === count(`${pod}${kind}.name`),
    )
  );
}

/** A NetworkPolicy that lets in from anywhere, by an empty rule or selector. */
function findAllowAll(view: ChangeView): readonly string[] {
  if (!NETWORK_POLICY.test(view.type) || view.isCreated) return [];
  const isEmptyRule = ({ path, text }: Attribute) =>
    /(?:^|\.)(?:ingress|rules|from|egress|from\.(?:namespace|pod)_selector)$/.test(path) && text === "{}";
  const isNew = view.after.some(isEmptyRule) && !view.before.some(isEmptyRule);
  const sources = view.changes.filter(
    ({ path, after }) =>
      /\.source\.(?:principals|namespaces|ip_blocks|nets|selector|namespace_selector)/.test(path) &&
      after.length === 0,
  );
  return [
    ...(isNew ? ["an empty rule allows all"] : []),
    ...sources.map(({ path, before }) => `${path} was ${before.join(", ")}`),
  ];
}

/** Networks that a rule left out, and that belong to it now: of what leaves, the metadata service of the node among them. */
function findLostExceptions(view: ChangeView): readonly Danger[] {
  if (!NETWORK_POLICY.test(view.type) || view.isCreated) return [];
  const lost = view.changes.filter(
    ({ path, before, after }) =>
      /(?:^|\.)(?:ip_block|to_cidrset|to_cidr_set|from_cidrset|from_cidr_set)\.except$/.test(path) &&
      before.some((text) => !after.includes(text)) &&
      view.after.some((each) => each.path === path.replace(/except$/, "cidr")),
  );
  const isEgress = ({ path }: { readonly path: string }) => /(?:^|\.)egress/.test(path);
  const format = ({ path, before, after }: (typeof lost)[number]) =>
    `${path} ${before.filter((text) => !after.includes(text)).join(", ")}`;
  return [
    ...describe("protection-off", "no longer leaves out:", lost.filter(isEgress).map(format)),
    ...describe("cidr-opened", "no longer leaves out:", lost.filter((each) => !isEgress(each)).map(format)),
  ];
}
