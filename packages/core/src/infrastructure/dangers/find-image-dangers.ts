// SPDX-License-Identifier: Apache-2.0
import type { Danger, DeclaredResource } from "../resource.ts";
import { type ChangeView, describe } from "./change-view.ts";

/** Bases whose tag or name says that they bring a user of their own. */
const UNPRIVILEGED = /nonroot|non-root|rootless|unprivileged/i;
const ROOT = /^(?:0|root)(?::|$)/;

/** Under which user the image of a Dockerfile runs, which its last stage tells; what stages before it do only builds. */
export function findImageDangers({ pair: { before, after } }: ChangeView): readonly Danger[] {
  if (after?.kind !== "dockerfile") return [];
  const now = findUser(after);
  const old = before === null ? undefined : findUser(before);
  const wasConfined = old !== undefined && !ROOT.test(old);
  const isRoot = now !== undefined && ROOT.test(now);
  const isNew = isRoot && (old === undefined || wasConfined);
  if (!isNew && !(wasConfined && now === undefined)) return [];
  return describe("isolation-lost", "runs as root:", [`user ${old ?? "(none)"} → ${now ?? "(none)"}`]);
}

interface Stage {
  readonly base: string;
  readonly name: string | undefined;
  user: string | undefined;
}

/** The last user that holds, by the stages that the last one is made from; undefined where nobody says. */
function findUser({ body }: DeclaredResource): string | undefined {
  const stages = new Map<string, Stage>();
  let last: Stage | undefined;
  for (const { name, value } of body.fields) {
    const text = value.literal ?? value.text;
    if (name === "from") {
      const [, base = "", own] = /^(?:--\S+\s+)*(\S+)(?:\s+as\s+(\S+))?/i.exec(text) ?? [];
      const parent = stages.get(base.toLowerCase());
      const user =
        parent === undefined ? (UNPRIVILEGED.test(base) ? "that of its base" : undefined) : parent.user;
      last = { base, name: own?.toLowerCase(), user };
      if (last.name !== undefined) stages.set(last.name, last);
    } else if (name === "user" && last !== undefined) last.user = text;
  }
  return last?.user;
}
