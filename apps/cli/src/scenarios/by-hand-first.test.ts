// SPDX-License-Identifier: Apache-2.0
import { describe } from "vitest";
import { likeFunction } from "./like-function.fixture.ts";
import { ai, notAi, type Scenario, scenario } from "./scenario.fixture.ts";

const BY_HAND = likeFunction("users").map(notAi);
const BY_AGENT = likeFunction("orders").map((tag) => ai(tag));

/** No agent was ever at work here, so nothing is prepared for it: it is recorded with what comes later. */
async function commitByHand(s: Scenario): Promise<string> {
  await s.types("f.js", likeFunction("users"));
  return s.commit("by hand");
}

describe("what a person committed before an agent wrote nearly the same", () => {
  scenario("in another file", async (s) => {
    await commitByHand(s);
    await s.agent("g.js", likeFunction("orders"));
    await s.commit("by the agent");
    await s.expectLines("f.js", BY_HAND);
    await s.expectLines("g.js", BY_AGENT);
  });

  scenario("word for word, as the beginning of another file", async (s) => {
    await commitByHand(s);
    await s.agent("g.js", likeFunction("users"));
    await s.commit("by the agent");
    await s.expectLines("f.js", BY_HAND);
    await s.expectLines(
      "g.js",
      likeFunction("users").map((tag) => ai(tag)),
    );
  });

  for (const [where, tags] of [
    ["below", [...likeFunction("users"), "", ...likeFunction("orders")]],
    ["above", [...likeFunction("orders"), "", ...likeFunction("users")]],
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
    await s.types("f.js", [...likeFunction("users"), ...likeFunction("shops")]);
    const second = await s.commit("by hand again");
    await s.agent("f.js", [...likeFunction("users"), ...likeFunction("shops"), ...likeFunction("orders")]);
    await s.commit("by the agent");
    await s.expectLines("f.js", [...BY_HAND, ...likeFunction("shops").map(notAi)], second);
    await s.expectLines("f.js", [...BY_HAND, ...likeFunction("shops").map(notAi), ...BY_AGENT]);
  });
});
