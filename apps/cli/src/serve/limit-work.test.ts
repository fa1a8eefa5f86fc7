// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { shareWork } from "./admission/share-work.ts";
import { limitWork } from "./limit-work.ts";

/** Work that ends when the test says so. */
function held() {
  const ends: (() => void)[] = [];
  let most = 0;
  let running = 0;
  return {
    work: async () => {
      most = Math.max(most, ++running);
      await new Promise<void>((resolve) => ends.push(resolve));
      running--;
      return "done";
    },
    end: () => ends.shift()?.(),
    most: () => most,
    started: () => ends.length,
  };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("limitWork", () => {
  it("runs so many at once, the others in their order, and refuses who finds the line full", async () => {
    const { work, end, most } = held();
    const limit = limitWork({ atOnce: 2, inLine: 1, wait: 60_000 });
    const asked = [limit(work), limit(work), limit(work)];
    await turn();
    expect(await limit(work)).toBeUndefined();
    for (let i = 0; i < 3; i++) {
      end();
      await turn();
    }
    expect(await Promise.all(asked)).toEqual(["done", "done", "done"]);
    expect(most()).toBe(2);
  });

  it("answers who waited too long, and keeps the place of work that nobody waits for until it ends", async () => {
    const { work, end, started } = held();
    const limit = limitWork({ atOnce: 1, inLine: 8, wait: 20 });
    expect(await Promise.all([limit(work), limit(work)])).toEqual([undefined, undefined]);
    expect(started()).toBe(1);
    end();
    await turn();
    expect(started(), "what is not wanted any more is not begun").toBe(0);
    const next = limit(work);
    await turn();
    end();
    expect(await next).toBe("done");
  });

  it("gives its place back when work fails", async () => {
    const limit = limitWork({ atOnce: 1, inLine: 1, wait: 60_000 });
    const fail = () => Promise.reject(new Error("no"));
    await expect(limit(fail)).rejects.toThrow("no");
    expect(await limit(async () => "done")).toBe("done");
  });
});

describe("shareWork", () => {
  it("answers the same question once while it is open, and anew afterwards, failures too", async () => {
    let asked = 0;
    const ask = shareWork(String, async (question: number) => {
      if (++asked === 3) throw new Error("no");
      return question;
    });
    expect(await Promise.all([ask(1), ask(1), ask(2)])).toEqual([1, 1, 2]);
    expect(asked).toBe(2);
    await expect(ask(1)).rejects.toThrow("no");
    expect(await ask(1)).toBe(1);
  });
});
