// SPDX-License-Identifier: Apache-2.0
import { expect } from "vitest";
import type { Expected } from "../scenarios/scenario.fixture.ts";
import type { FaultDesk } from "./fault-desk.fixture.ts";

/**
 * Every line is whose it is, or nobody's; and where one is nobody's that is somebody's, the recorder says that it lost
 * something. Returns how many are nobody's.
 */
export async function expectHonest(
  desk: FaultDesk,
  file: string,
  wanted: readonly Expected[],
): Promise<number> {
  const found = await desk.origins(file);
  const allowed = wanted.map(([origin, tag], index) =>
    found[index]?.[0] === "unknown" ? (["unknown", tag] as const) : ([origin, tag] as const),
  );
  expect(found).toEqual(allowed);
  const unknown = found.filter(([origin], index) => origin !== wanted[index]?.[0]).length;
  if (unknown > 0) expect(await desk.losses(), `${unknown} lines of ${file} are nobody's`).not.toEqual([]);
  return unknown;
}
