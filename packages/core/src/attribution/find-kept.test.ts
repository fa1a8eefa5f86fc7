// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import { findKept } from "./find-kept.ts";
import { plain } from "./origins.fixture.ts";

it("finds lines that stayed, were broken, indented or changed in place; none that is gone, and no bracket", () => {
  const old = plain(`
    alpha.sum(total, weight);
    beta.finish(everything);
    gamma.go(engine, now);
    }
    delta.end(all);
  `);
  const lines = plain(`
    other(first);
    alpha.sum(
      total,
      weight
    );
    gamma.go(engine, later);
    }
      delta.end(all);
  `);
  expect(findKept(old, lines)).toEqual([old[0], old[2], old[4]]);
});
