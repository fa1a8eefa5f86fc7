// SPDX-License-Identifier: Apache-2.0
import type { ProfileName } from "../policy-names.ts";
import { AMAZON } from "./amazon.ts";
import { APACHE } from "./apache.ts";
import { BAN } from "./ban.ts";
import { DISCLOSE } from "./disclose.ts";
import { FEDORA } from "./fedora.ts";
import { KERNEL } from "./kernel.ts";
import { NONE } from "./none.ts";

/** YAML text of every profile that ships with the tool: data, with the same syntax and checks as a user's file. */
export const PROFILES: Readonly<Record<ProfileName, string>> = {
  amazon: AMAZON,
  kernel: KERNEL,
  fedora: FEDORA,
  apache: APACHE,
  disclose: DISCLOSE,
  ban: BAN,
  none: NONE,
};
