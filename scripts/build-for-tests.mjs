// SPDX-License-Identifier: Apache-2.0
// The command is tested as a process of its own, so the suite begins with a bundle of the sources under test.
import { buildIfStale } from "./build.mjs";

export async function setup() {
  await buildIfStale();
}
