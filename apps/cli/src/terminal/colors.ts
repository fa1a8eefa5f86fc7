// SPDX-License-Identifier: Apache-2.0
import { type Palette, PLAIN_PALETTE } from "@countersign/core/render";
import pc from "picocolors";

type Environment = Readonly<Record<string, string | undefined>>;

/** `--no-color` and `--color` first, then NO_COLOR (no-color.org), FORCE_COLOR, then whether a person is looking. */
export function wantsColor(flag: boolean | undefined, env: Environment, isTerminal: boolean): boolean {
  if (flag !== undefined) return flag;
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== "") return false;
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== "") return env.FORCE_COLOR !== "0";
  return isTerminal && env.TERM !== "dumb";
}

export function createPalette(isColored: boolean): Palette {
  if (!isColored) return PLAIN_PALETTE;
  const { green, red, yellow, cyan, bold, dim } = pc.createColors(true);
  return {
    good: (text) => bold(green(text)),
    bad: (text) => bold(red(text)),
    wait: (text) => bold(yellow(text)),
    note: (text) => cyan(text),
    strong: (text) => bold(text),
    faint: (text) => dim(text),
  };
}
