// SPDX-License-Identifier: Apache-2.0
import { fieldsOf, flattenValue, literalOf, objectsIn } from "../configuration-value.ts";
import type { Danger, DangerCode, DeclaredResource } from "../resource.ts";
import { type ChangeView, describe, toSnake } from "./change-view.ts";
import { findGuard } from "./find-lost-guards.ts";
import { findSwitch } from "./find-switch.ts";

const CONTEXT = /security_context|pod_security|seccomp|app_armor|capabilities/;

/** What patches of somebody else's objects take away or switch (RFC 6902), which shows in no attribute of their own. */
export function findPatchDangers(view: ChangeView): readonly Danger[] {
  const { before, after } = view.pair;
  if (after === null || !/^(?:kustomize|kubernetes|helm)$/.test(after.kind)) return [];
  if (!view.after.some(({ name }) => name === "op" || name === "$patch")) return [];
  const known = new Set(before === null ? [] : operationsOf(before).map(({ key }) => key));
  const deleted = deletionsOf(after).filter((each) => before === null || !deletionsOf(before).includes(each));
  const gone = describe("protection-off", "takes away what protects:", deleted);
  if (!view.after.some(({ name }) => name === "op")) return gone;
  const operations = operationsOf(after)
    .filter(({ key }) => !known.has(key))
    .flatMap(toDanger);
  return [...gone, ...operations];
}

const GUARDIANS =
  /NetworkPolicy$|^(?:AuthorizationPolicy|PeerAuthentication|RequestAuthentication|PodDisruptionBudget|ResourceQuota|LimitRange|ClusterPolicy|Policy|\w+WebhookConfiguration|ValidatingAdmissionPolicy\w*)$/;

/** Guardians that a patch deletes: `$patch: delete`. */
function deletionsOf({ body }: DeclaredResource): readonly string[] {
  return objectsIn(body)
    .filter((each) => literalOf(each, "$patch") === "delete")
    .map((each) => literalOf(each, "kind") ?? "")
    .filter((kind) => GUARDIANS.test(kind));
}

interface Operation {
  readonly key: string;
  readonly op: string;
  /** The pointer as a path of names in snake case. */
  readonly path: string;
  readonly texts: readonly string[];
}

function operationsOf({ body }: DeclaredResource): readonly Operation[] {
  return objectsIn(body).flatMap((each) => {
    const [op, pointer] = [literalOf(each, "op"), literalOf(each, "path")];
    if (op === undefined || pointer?.startsWith("/") !== true) return [];
    const path = pointer
      .slice(1)
      .split("/")
      .map((name) => toSnake(name.replaceAll("~1", "/").replaceAll("~0", "~")))
      .filter((name) => !/^(?:\d+|_)$/.test(name))
      .join(".");
    const value = fieldsOf(each, "value").flatMap((own) => flattenValue(own));
    const texts = value.map(({ path: inner, text }) => `${toSnake(inner)}=${text}`);
    return [{ key: [op, path, ...texts].join("\0"), op, path, texts }];
  });
}

function toDanger({ op, path, texts }: Operation): readonly Danger[] {
  if (op === "remove") {
    const code: DangerCode | undefined = CONTEXT.test(path) ? "isolation-lost" : findGuard(path)?.code;
    return code === undefined ? [] : describe(code, "takes away of what it patches:", [path]);
  }
  return texts.flatMap((text) => {
    const [inner = "", value = ""] = text.split(/=(.*)/s);
    const full = [path, inner].filter(Boolean).join(".");
    const own = findSwitch(full.slice(full.lastIndexOf(".") + 1));
    const isWrong = own !== undefined && value === String(!own.isSafeOn);
    return isWrong ? describe(own.code, "sets of what it patches:", [`${full} ${value}`]) : [];
  });
}
