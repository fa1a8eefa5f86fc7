// SPDX-License-Identifier: Apache-2.0
import type { ConfigurationValue } from "../configuration-value.ts";
import { fieldsOf, objectsIn } from "../configuration-value.ts";
import type { Danger, DeclaredResource } from "../resource.ts";
import { type AttributeChange, type ChangeView, describe, formatChange } from "./change-view.ts";

const CLAIMS = /(?:^|\.)volume_claim_templates(?:\.|$)/;
const CLAIM_NAME = /(?:^|\.)persistent_volume_claim\.claim_name$/;

/** Where a workload keeps its data, and in which form a cluster writes secrets down. */
export function findVolumeDangers(view: ChangeView): readonly Danger[] {
  if (view.isCreated || view.isDeleted) return [];
  const kind = view.pair.after?.kind;
  if (kind !== "kubernetes" && kind !== "helm" && kind !== "terraform") return [];
  const has = (side: ChangeView["before"]) => side.some(({ path }) => CLAIMS.test(path));
  const isUnclaimed = has(view.before) && !has(view.after);
  return [
    ...(isUnclaimed
      ? [{ code: "data-store-replaced" as const, reason: "keeps its data in no volume of its own any more" }]
      : []),
    ...describe(
      "data-store-replaced",
      "keeps its data elsewhere:",
      view.changes.filter(isOtherClaim).map(formatChange),
    ),
    ...findPlainSecrets(view),
  ];
}

function isOtherClaim({ path, before, after }: AttributeChange): boolean {
  return CLAIM_NAME.test(path) && before.some((text) => !after.includes(text));
}

/** Of the providers of an EncryptionConfiguration the first one writes; `identity` writes as it is. */
function findPlainSecrets({ type, pair }: ChangeView): readonly Danger[] {
  if (type !== "encryption_configuration") return [];
  const [old, now] = [pair.before, pair.after].map(writersOf);
  const isPlain = (now ?? []).includes("identity") && !(old ?? []).includes("identity");
  const isFewer = (now ?? []).length < (old ?? []).length || countKinds(pair.after) < countKinds(pair.before);
  return isPlain || isFewer ? [{ code: "protection-off", reason: "writes secrets in plain text" }] : [];
}

function writersOf(resource: DeclaredResource | null): readonly string[] {
  return listsOf(resource, "providers").map((list) => list.items[0]?.fields[0]?.name ?? "");
}

function countKinds(resource: DeclaredResource | null): number {
  return listsOf(resource, "resources").flatMap((list) => list.items.filter((item) => item.literal !== null))
    .length;
}

function listsOf(resource: DeclaredResource | null, name: string): readonly ConfigurationValue[] {
  return resource === null ? [] : objectsIn(resource.body).flatMap((each) => fieldsOf(each, name));
}
