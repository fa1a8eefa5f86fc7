// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { Attack } from "./attack.ts";
import { CONTENT_ATTACKS } from "./content-attacks.ts";
import { CONTROLS } from "./controls.ts";
import { isStoppedByOurs, playScene } from "./play-scene.ts";

/** A scene by its id, played as if it were an attack that must end for this reason. */
const [edited, honest] = [CONTENT_ATTACKS, CONTROLS].map((scenes) => scenes[0]);

describe("a played attack", () => {
  it("counts as stopped when our report gives its own reason, and not for any other", async () => {
    if (edited === undefined) throw new Error("no attack to play");
    const attack: Attack = { ...edited, ours: /the content changed after signing/ };
    const outcome = await playScene(attack);
    expect(outcome).toMatchObject({ isDecided: true, allowed: [false, false, false, false] });
    expect(isStoppedByOurs(attack, outcome)).toBe(true);
    expect(isStoppedByOurs({ ...attack, ours: /robot is a bot/ }, outcome)).toBe(false);
    expect(isStoppedByOurs(attack, { ...outcome, isDecided: false })).toBe(false);
  });

  it("that lands does not count as stopped, whatever the report says", async () => {
    if (honest === undefined) throw new Error("no control to play");
    const attack: Attack = { ...honest, ours: /^/ };
    const outcome = await playScene(attack);
    expect(outcome.allowed).toEqual([true, true, true, true]);
    expect(isStoppedByOurs(attack, outcome)).toBe(false);
  });

  it("is not played at all when its premise does not hold", async () => {
    const t22 = CONTENT_ATTACKS.find(({ id }) => id === "T22");
    if (t22 === undefined) throw new Error("no T22");
    const play: Attack["play"] = (stage) =>
      t22.play({ ...stage, replaceTip: () => stage.replaceTip({ "allow.yml": "something else\n" }) });
    await expect(playScene({ ...t22, play })).rejects.toThrow(
      "the scene is not played: one patch id for two trees",
    );
  });
});
