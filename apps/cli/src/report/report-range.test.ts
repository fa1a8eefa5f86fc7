// SPDX-License-Identifier: Apache-2.0
import type { Attested } from "@countersign/audit";
import type { Repository } from "@countersign/git";
import { describe, expect, it } from "vitest";
import { UsageError } from "../exit-code.ts";
import { readReportRange } from "./report-range.ts";

const ATTESTED: Attested = {
  verdicts: new Map(),
  deployments: [],
  elsewhere: new Map([["production", new Set(["refs/heads/main"])]]),
  problems: [],
  stated: new Map(),
};
const place = { repository: {} as Repository, target: "refs/heads/work", attested: ATTESTED };

describe("what went out before an incident, asked on another branch than it went out from", () => {
  it.each([{ incident: "2026-03-04T08:15:00Z" }, { environment: "production" }])(
    "is no report that nothing did: %j",
    async (flags) => {
      const asked = readReportRange(place, flags, undefined);
      await expect(asked).rejects.toThrow(UsageError);
      await expect(asked).rejects.toThrow("deliveries come from refs/heads/main: --target refs/heads/main");
    },
  );
});
