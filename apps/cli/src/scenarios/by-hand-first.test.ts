// SPDX-License-Identifier: Apache-2.0
import { describe } from "vitest";
import { ai, notAi, type Scenario, scenario } from "./scenario.fixture.ts";

const LOADER = [
  "if (!response.ok) {",
  "throw new Error(response.statusText);",
  "}",
  "const data = await response.json();",
  "return data;",
  "}",
];
const one = (tag: string) => [tag, ...LOADER];
const BY_HAND = one("users").map(notAi);
const BY_AGENT = one("orders").map((tag) => ai(tag));

/** No agent was ever at work here, so nothing is prepared for it: it is recorded with what comes later. */
async function commitByHand(s: Scenario): Promise<string> {
  await s.types("f.js", one("users"));
  return s.commit("by hand");
}

describe("what a person committed before an agent wrote nearly the same", () => {
  scenario("in another file", async (s) => {
    await commitByHand(s);
    await s.agent("g.js", one("orders"));
    await s.commit("by the agent");
    await s.expectLines("f.js", BY_HAND);
    await s.expectLines("g.js", BY_AGENT);
  });

  scenario("word for word, as the beginning of another file", async (s) => {
    await commitByHand(s);
    await s.agent("g.js", one("users"));
    await s.commit("by the agent");
    await s.expectLines("f.js", BY_HAND);
    await s.expectLines(
      "g.js",
      one("users").map((tag) => ai(tag)),
    );
  });

  for (const [where, tags] of [
    ["below", [...one("users"), "", ...one("orders")]],
    ["above", [...one("orders"), "", ...one("users")]],
  ] as const)
    scenario(`${where} it in the same file`, async (s) => {
      const first = await commitByHand(s);
      await s.agent("f.js", tags);
      await s.commit("by the agent");
      await s.expectLines("f.js", BY_HAND, first);
      const lines = where === "below" ? [...BY_HAND, ai(""), ...BY_AGENT] : [...BY_AGENT, ai(""), ...BY_HAND];
      await s.expectLines("f.js", lines);
    });

  scenario("where by hand it went on", async (s) => {
    await commitByHand(s);
    await s.types("f.js", [...one("users"), ...one("shops")]);
    const second = await s.commit("by hand again");
    await s.agent("f.js", [...one("users"), ...one("shops"), ...one("orders")]);
    await s.commit("by the agent");
    await s.expectLines("f.js", [...BY_HAND, ...one("shops").map(notAi)], second);
    await s.expectLines("f.js", [...BY_HAND, ...one("shops").map(notAi), ...BY_AGENT]);
  });
});
