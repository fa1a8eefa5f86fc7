// SPDX-License-Identifier: Apache-2.0

/** Signals with which somebody asks a program to end, and which a program can hear. */
export const ENDING_SIGNALS: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];
