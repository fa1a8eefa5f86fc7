// SPDX-License-Identifier: Apache-2.0
import { openRepository } from "@countersign/git";
import { flushPresence } from "@countersign/recorder";
import { describe } from "vitest";
import { commonBody, likeFunction } from "./like-function.fixture.ts";
import { ai, type Expected, notAi, scenario } from "./scenario.fixture.ts";

const claude = (tag: string): readonly Expected[] => likeFunction(tag).map((line) => ai(line));
const codex = (tag: string): readonly Expected[] => likeFunction(tag).map((line) => ai(line, "codex"));
const byHand = (tag: string): readonly Expected[] => likeFunction(tag).map(notAi);

describe("functions of which each is nearly like the other", () => {
  scenario("that a person puts into another order before the commit", async (s) => {
    await s.agent("f.js", likeFunction("orders"));
    await s.agent("f.js", [...likeFunction("orders"), ...likeFunction("shops")], "codex");
    await s.types("f.js", [...likeFunction("shops"), ...likeFunction("orders")]);
    await s.commit();
    await s.expectLines("f.js", [...codex("shops"), ...claude("orders")]);
  });

  scenario("that another agent writes into a file of its own", async (s) => {
    await s.agent("f.js", likeFunction("orders"));
    await s.agent("g.js", likeFunction("shops"), "codex");
    await s.commit();
    await s.expectLines("f.js", claude("orders"));
    await s.expectLines("g.js", codex("shops"));
  });

  scenario("that an agent writes after a person has thrown its last one away", async (s) => {
    await s.types("f.js", [...likeFunction("users"), ...likeFunction("carts")]);
    await s.commit("by hand");
    await s.agent("f.js", [...likeFunction("users"), ...likeFunction("orders"), ...likeFunction("carts")]);
    await s.types("f.js", [...likeFunction("users"), ...likeFunction("carts")]);
    await s.agent("f.js", [...likeFunction("users"), ...likeFunction("carts"), ...likeFunction("shops")]);
    await s.commit("by the agent");
    await s.expectLines("f.js", [...byHand("users"), ...byHand("carts"), ...claude("shops")]);
  });

  scenario("that a person commits on main while the agent's is on a branch", async (s) => {
    await s.types("f.js", likeFunction("users"));
    await s.commit("by hand");
    await s.git("checkout", "-q", "-b", "feature");
    await s.agent("f.js", [...likeFunction("users"), ...likeFunction("orders")]);
    await s.commit("by the agent");
    await s.git("checkout", "-q", "main");
    await s.types("f.js", [...likeFunction("shops"), ...likeFunction("users")]);
    await s.commit("by hand too");
    await s.git("cherry-pick", "feature");
    await s.expectLines("f.js", [...byHand("shops"), ...byHand("users"), ...claude("orders")]);
  });
});

scenario("short lines that a person sorts stay whose they are", async (s) => {
  const [json, queue, argparse] = ["import json", "import queue", "import argparse"];
  await s.types("f.py", [json, queue]);
  await s.commit("by hand");
  await s.agent("f.py", [json, queue, argparse]);
  await s.types("f.py", [argparse, json, queue]);
  await s.commit("sorted");
  await s.expectLines("f.py", [ai(argparse), notAi(json), notAi(queue)]);
});

/** A function that is adapted from another one: two of its lines are its own, and say nearly the same. */
const load = (name: string) => [
  `export async function load${name}(id: string): Promise<Result> {`,
  `const response = await fetch(base + "/${name.toLowerCase()}/" + id, { headers });`,
  ...commonBody(),
];

describe("a function that a person adapts on main at the place where an agent adapted one on a branch", () => {
  for (const isSettled of [false, true])
    for (const way of ["merge", "rebase"])
      scenario(
        `with both kept in the ${way}${isSettled ? ", everything recorded before" : ""}`,
        async (s) => {
          const users = load("User");
          await s.types("f.js", users);
          await s.commit("by hand");
          await s.git("checkout", "-q", "-b", "feature");
          await s.agent("f.js", [...users, ...load("Order")]);
          await s.commit("by the agent");
          if (isSettled) await flushPresence(await openRepository(s.repo.path));
          await s.git("checkout", "-q", "main");
          await s.types("f.js", [...users, ...load("Shop")]);
          await s.commit("by hand too");
          await s.expectLines("f.js", [...users, ...load("Shop")].map(notAi));
          if (way === "rebase") await s.tryGit("rebase", "main", "feature");
          else await s.tryGit("merge", "feature");
          await s.types("f.js", [...users, ...load("Shop"), ...load("Order")]);
          await s.git("add", "-A");
          await s.git(way, "--continue");
          const rest = load("Order").map((line) => ai(line));
          await s.expectLines("f.js", [...[...users, ...load("Shop")].map(notAi), ...rest]);
        },
      );
});
