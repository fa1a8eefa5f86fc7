// SPDX-License-Identifier: Apache-2.0
import type { Danger } from "../resource.ts";
import { type ChangeView, describe } from "./change-view.ts";

/** Where Kustomize is told what to bring along. */
const LISTS =
  /^(?:resources|components|bases|patches\.path|patches_strategic_merge|transformers|validators|generators)$/;
/** What files that guard are called. */
const GUARDS =
  /net(?:work)?-?pol|disruption|(?:^|[-_/.])pdbs?(?:[-_/.]|$)|quota|limit-?range|pod-?security|(?:^|[-_/.])psp|admission|kyverno|gatekeeper|constraint|peer-?auth|authorization-?polic|request-?auth|mtls|backup|velero|harden|security-?context|polic(?:y|ies)/i;
const WATCHES = /audit|falco|fluent|(?:^|[-_/.])log(?:s|ging)(?:[-_/.]|$)|alert|prometheus-?rule/i;

/** Files that a kustomization no longer lists: what is not listed is not applied. */
export function findUnlistedDangers(view: ChangeView): readonly Danger[] {
  if (view.pair.after?.kind !== "kustomize" || view.isCreated) return [];
  const stand = new Set(view.after.map(({ text }) => stemOf(text)));
  const lost = view.changes
    .filter(({ path }) => LISTS.test(path))
    .flatMap(({ before, after }) =>
      before.filter((text) => !after.includes(text) && !stand.has(stemOf(text))),
    );
  const guards = lost.filter((text) => GUARDS.test(text));
  return [
    ...describe("protection-off", "no longer brings along", guards),
    ...describe(
      "audit-off",
      "no longer brings along",
      lost.filter((text) => WATCHES.test(text) && !guards.includes(text)),
    ),
  ];
}

/** The same file from another folder, or its folder, is the same to whoever lists it. */
function stemOf(text: string): string {
  return (text.split("?")[0] ?? "")
    .replace(/\/+$/, "")
    .replace(/\.ya?ml$/, "")
    .replace(/^.*\//, "");
}
