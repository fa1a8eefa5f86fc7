// SPDX-License-Identifier: Apache-2.0
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Small files that play for long, since what they play is written elsewhere: one that begins last runs alone at the end. */
const LONG = /\/(?:crash|faults|report|stories|e2e)\/|\/hooks\/(?:pre|post)-receive/;

/** Vitest begins with the largest files where it knows no durations, as in every fresh clone. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification) => LONG.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
