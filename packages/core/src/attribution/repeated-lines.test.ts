// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { carry } from "./carry.ts";
import { attributed, ORIGINS, type OriginLetter, toBlock } from "./origins.fixture.ts";

function expectCarry(before: string, writer: OriginLetter, after: string): void {
  const expected = attributed(after);
  expect(toBlock(carry(attributed(before), expected.lines, ORIGINS[writer]))).toBe(toBlock(expected));
}

const RETRY = "retryLater(connection, backoff);";

describe("a line that stands several times", () => {
  it.each(["h", "B", "?"] as const)(
    "stays an agent's at every place when %s indents some of them",
    (writer) => {
      expectCarry(
        `A ${RETRY}\nh closeSocket(connection);\nA     ${RETRY}\nh   reportFailure(connection);\n`,
        writer,
        `A     ${RETRY}\nh   closeSocket(connection);\nA ${RETRY}\nh reportFailure(connection);\n`,
      );
    },
  );

  it.each(["h", "B"] as const)(
    "goes along with the block that %s moves, whose first line it is",
    (writer) => {
      const block = `A ${RETRY}\nA let attempts = countAttempts(queue);\nh persist(attempts);\nA resume(queue, attempts);\n`;
      const rest = `A ${RETRY}\nh drain(pool, timeout);\nh verify(pool);\n`;
      expectCarry(`h open(queue);\n${block}${rest}`, writer, `h open(queue);\n${rest}${block}`);
    },
  );

  it.each(["h", "B"] as const)("keeps its writer when %s puts one of them elsewhere", (writer) => {
    const [head, tail] = ["h open(queue, timeout);\nh verify(queue);\n", `h drain(pool);\nA ${RETRY}\n`];
    expectCarry(`${head}A ${RETRY}\n${tail}`, writer, `A ${RETRY}\n${head}${tail}`);
  });

  it("is a person's who writes it once more", () => {
    const before = `h open(queue, timeout);\nA ${RETRY}\nh drain(pool);\n`;
    expectCarry(before, "h", `h ${RETRY}\n${before}`);
  });

  it("is an agent's that writes a new function with it, when a person's function with it goes", () => {
    const body = (mark: string, name: string) =>
      `${mark} function ${name}(connection) {\n${mark}   prepare${name}(connection);\n${mark}   ${RETRY}\n${mark} }\n`;
    const kept = body("h", "Second");
    expectCarry(`${body("h", "First")}${kept}`, "A", `${kept}${body("A", "Third")}`);
  });
});
