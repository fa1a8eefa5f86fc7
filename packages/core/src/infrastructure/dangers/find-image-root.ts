// SPDX-License-Identifier: Apache-2.0
import type { Danger } from "../resource.ts";
import { type ChangeView, describe } from "./change-view.ts";

/** Commands by which whoever runs in the image becomes root, or can do what root can. */
const BECOMES_ROOT =
  /\bNOPASSWD\b|\bALL\s*=\s*\(\s*(?:ALL|root)[^)\n]{0,40}\)|\bchmod\s+(?:-\w+\s+){0,3}(?:[ug]{0,2}\+s|[2467][0-7]{3})(?=\s)|\bsetcap\s+["']?(?:all|cap_(?:sys_\w+|setuid|setgid|dac_\w+|net_admin|net_raw))\b|\b(?:usermod|adduser|useradd|gpasswd)\s[^\n&;]{0,120}(?:-\w*G\s*|--groups[ =]|\s)(?:sudo|wheel|root|docker)\b|\bpasswd\s+-d\s+root\b|\becho\s+["']?root:[^\n|]{1,80}\|\s*chpasswd/;

/** An image whose user is a user in name only. */
export function findImageRoot(view: ChangeView): readonly Danger[] {
  if (view.pair.after?.kind !== "dockerfile") return [];
  const find = (side: ChangeView["before"]) =>
    side
      .filter(({ name }) => name === "run")
      .flatMap(({ text }) => BECOMES_ROOT.exec(text.slice(0, 20_000))?.[0].trim() ?? []);
  const known = find(view.before);
  return describe(
    "isolation-lost",
    "can become root:",
    find(view.after).filter((each) => !known.includes(each)),
  );
}
