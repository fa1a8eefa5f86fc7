// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { findTwins } from "./find-twins.ts";

test.each([
  ["case", "infra/IAM.tf", "infra/iam.tf"],
  ["a folder's case", "INFRA/iam.tf", "infra/iam.tf"],
  ["Unicode form", "infra/e\u0301.tf", "infra/\u00e9.tf"],
  ["an ignored code point", "infra/iam\u200d.tf", "infra/iam.tf"],
])("%s", (_what, added, present) => {
  expect([...findTwins([added], [present, "other", added])]).toEqual([[added, [present]]]);
  expect(findTwins([added], ["other", added]).size).toBe(0);
});
