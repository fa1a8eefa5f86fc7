// SPDX-License-Identifier: Apache-2.0

type Style = (text: string) => string;

/** How a terminal report marks what it says; given by the caller, since only an application knows its terminal. */
export interface Palette {
  readonly good: Style;
  readonly bad: Style;
  readonly wait: Style;
  readonly note: Style;
  readonly strong: Style;
  readonly faint: Style;
}

const same: Style = (text) => text;

/** For files, pipes and NO_COLOR. */
export const PLAIN_PALETTE: Palette = {
  good: same,
  bad: same,
  wait: same,
  note: same,
  strong: same,
  faint: same,
};
