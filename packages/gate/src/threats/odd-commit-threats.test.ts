// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { createScenario, findingOf, TARGET } from "./gate-scenario.fixture.ts";

const PERSON = "author <author@example.com> 1767226000 +0000";

describe("a commit that shows one thing to a reviewer and another to the gate", () => {
  it.each([
    [
      "two author lines",
      `author senior <senior@example.com> 1767226000 +0000\nauthor ${PERSON}\ncommitter ${PERSON}\n\nwork\n`,
      "duplicate-header",
    ],
    [
      "a parent where Git takes none",
      `author ${PERSON}\nparent ${"1".repeat(40)}\ncommitter ${PERSON}\n\nwork\n`,
      "malformed-header",
    ],
    [
      "a NUL before a trailer",
      `author ${PERSON}\ncommitter ${PERSON}\n\nwork\n\0\nAI-Assisted: claude-code/opus\n`,
      "nul-in-commit",
    ],
  ])("cannot be told: %s", async (_, rest, anomaly) => {
    await using scenario = await createScenario();
    const { repo } = scenario;
    const parent = await repo.id(TARGET);
    const tree = await repo.id(
      `${await scenario.commit({ message: "work\n", files: { "a.txt": "a\n" } })}^{tree}`,
    );
    const head = await repo.writeObject("commit", `tree ${tree}\nparent ${parent}\n${rest}`);
    const report = await scenario.gate({ head });
    expect(report.verdict).toBe("error");
    expect(findingOf(report, "incomplete-history").reason).toContain(anomaly);
    expect(findingOf(report, "incomplete-history").commits).toEqual([head]);
  });
});
