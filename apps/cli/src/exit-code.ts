// SPDX-License-Identifier: Apache-2.0

/**
 * 0 pass · 1 the policy says no, or not yet · 2 usage or configuration · 3 could not tell · 4, of `exec` alone: the command was run
 * and is not recorded as deployed (decision 0017).
 */
export type ExitCode = 0 | 1 | 2 | 3 | 4;

/** The command was called in a way that cannot work; the message says what would. */
export class UsageError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "UsageError";
  }
}
