// SPDX-License-Identifier: Apache-2.0
import type { Danger } from "../resource.ts";
import { type AttributeChange, type ChangeView, describe, formatChange } from "./change-view.ts";

/** Where everybody may write whatever the mode of the folder says: it is made for that. */
const SHARED = /^\/(?:var\/)?tmp(?:\/|$)|^\/dev\/shm/;
const CHMOD = /\bchmod\s+(?:-\w+\s+){0,3}([0-7]{3,4}|[ugoa,=+rwxXst-]{3,40})\s+([^\s;&|]{1,200})/g;
const COPIED = /--chmod=([0-7]{3,4})\b/;

/** Files that everybody may write, or that make whoever runs them somebody else: who writes them decides what others run. */
export function findModeDangers(view: ChangeView): readonly Danger[] {
  if (view.isDeleted) return [];
  const kind = view.pair.after?.kind;
  if (kind === "ansible") {
    const isShared = view.after.some(
      ({ name, text }) => /^(?:path|dest|name)$/.test(name) && SHARED.test(text),
    );
    const opened = isShared ? [] : view.changes.filter(isOpened);
    return describe(
      "privilege-widened",
      "everybody may write it, or be its owner:",
      opened.map(formatChange),
    );
  }
  if (kind !== "dockerfile") return [];
  const known = new Set(view.before.flatMap(({ text }) => toModes(text)));
  const fresh = view.newTexts.flatMap(({ text }) => toModes(text)).filter((each) => !known.has(each));
  return describe("privilege-widened", "everybody may write it:", fresh);
}

function isOpened({ name, before, after }: AttributeChange): boolean {
  return /^(?:mode|directory_mode)$/.test(name) && after.some(isLax) && !before.some(isLax);
}

/** Others may write and not only add, or the owner's rights come with it. */
function isLax(mode: string): boolean {
  const [, special = "0", others] = /^0?([0-7])?[0-7]{2}([0-7])$/.exec(mode) ?? [];
  if (others !== undefined) {
    const bits = Number(special);
    return (Number(others) % 4 >= 2 && bits % 2 === 0) || bits >= 2;
  }
  return /(?:^|,)\w*[oa]\w*[=+]\w*w|(?:^|,)[ug]+[=+]\w*s/.test(mode);
}

/** What instructions make writable by everybody; which of them become root is told elsewhere. */
function toModes(text: string): readonly string[] {
  const commands = [...text.slice(0, 20_000).matchAll(CHMOD)]
    .filter(([, mode = "", path = ""]) => isWritable(mode) && !SHARED.test(path))
    .map(([all]) => all);
  const copied = COPIED.exec(text);
  return isWritable(copied?.[1] ?? "") ? [...commands, copied?.[0] ?? ""] : commands;
}

const isWritable = (mode: string) => isLax(mode) && !/^0?[2467][0-7]{3}$|s/.test(mode);
