// SPDX-License-Identifier: Apache-2.0

/** Looks and reports, asks for nothing: a first step, and a base for one's own rules. */
export const NONE = `version: 1
description: >-
  Nothing is asked for and nothing is denied, except what makes the facts unreliable. Reports what it sees.
signalled: allow
unknown: allow
unknownAuthor: allow
emission: ai-assisted
`;
