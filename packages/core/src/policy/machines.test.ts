// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { KEY_A } from "./example-change.fixture.ts";
import { findMachine } from "./find-machine.ts";
import { parsePolicy } from "./parse-policy.ts";
import { PolicyError } from "./policy-error.ts";

const SPKI = "MCowBQYDK2VwAyEACHVCwnhN+UJwe10Adcuznl6KoeVb7UQzStvxkqeLD7Q=";
const ISSUER = "https://token.actions.githubusercontent.com";
const SUBJECT = "https://github.com/acme/shop/.github/workflows/release.yml@refs/heads/main";

function placed(text: string): readonly string[] {
  try {
    parsePolicy(`version: 1\n${text}`, "p.yml");
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    return error.issues.map(({ line, column, message }) => `${line}:${column} ${message}`);
  }
  return [];
}

describe("machines", () => {
  test("are known by keys in either spelling, or by an identity", () => {
    const pem = `-----BEGIN PUBLIC KEY-----\\n${SPKI}\\n-----END PUBLIC KEY-----\\n`;
    const text = `version: 1\nmachines:\n  ci: { keys: ["${SPKI}"], may: [verdict] }\n  release: { sigstore: { issuer: "${ISSUER}", subject: "${SUBJECT}" }, may: [deployment, deployment] }\n`;
    const policy = parsePolicy(text, "p.yml");
    expect(policy.machines.get("release")).toEqual({
      id: "release",
      keys: [],
      identities: [{ issuer: ISSUER, subject: SUBJECT }],
      may: ["deployment"],
    });
    const [key] = policy.machines.get("ci")?.keys ?? [];
    expect(key).toMatch(/^ssh-ed25519 AAAA/);
    for (const spelling of [pem, key]) {
      const again = parsePolicy(
        `version: 1\nmachines: { ci: { keys: ["${spelling}"], may: [verdict] } }`,
        "p.yml",
      );
      expect(again.machines.get("ci")?.keys).toEqual([key]);
    }
  });

  test("are found by an identity that is the same to the letter", () => {
    const policy = parsePolicy(
      `version: 1\nmachines: { ci: { sigstore: [{ issuer: "${ISSUER}", subject: "${SUBJECT}" }], may: [verdict] } }`,
      "p.yml",
    );
    const find = (issuer: string, subject: string) =>
      findMachine(policy, { kind: "sigstore", issuer, subject })?.id;
    expect(find(ISSUER, SUBJECT)).toBe("ci");
    expect(find(ISSUER, `${SUBJECT}x`)).toBeUndefined();
    expect(find(ISSUER, SUBJECT.toUpperCase())).toBeUndefined();
    expect(find(`${ISSUER}/`, SUBJECT)).toBeUndefined();
    expect(find(ISSUER, "")).toBeUndefined();
  });

  test.each([
    [
      "nothing by which it is known",
      "machines: { ci: { may: [verdict] } }",
      "nothing says how this machine is known",
    ],
    [
      "a power that does not exist",
      `machines: { ci: { keys: ["${SPKI}"], may: [sign-off] } }`,
      '"sign-off" does not fit',
    ],
    ["no power", `machines: { ci: { keys: ["${SPKI}"], may: [] } }`, ""],
    ["an unknown key", `machines: { ci: { keys: ["${SPKI}"], may: [verdict], role: senior } }`, "role"],
    [
      "a key that is none",
      "machines: { ci: { keys: [abc], may: [verdict] } }",
      "expected an Ed25519 public key",
    ],
    [
      "a person's key",
      `people: { a: { keys: ["${KEY_A}"] } }\nmachines: { ci: { keys: ["${KEY_A}"], may: [verdict] } }`,
      "belongs to the person a",
    ],
    [
      "a key of two machines",
      `machines: { a: { keys: ["${SPKI}"], may: [verdict] }, b: { keys: ["${SPKI}"], may: [verdict] } }`,
      "belongs to the machine a",
    ],
    [
      "an issuer without TLS",
      'machines: { a: { sigstore: { issuer: "http://x", subject: s }, may: [verdict] } }',
      "",
    ],
  ])("%s is an error with its place", (_what, text, words) => {
    const [first, ...more] = placed(text);
    expect(first).toMatch(/^\d+:\d+ /);
    expect([first, ...more].join("\n")).toContain(words);
  });
});

describe("deployments", () => {
  test("say what an environment waits for", () => {
    const text =
      "version: 1\ndeployments: { staging: {}, production: { after: staging, minimum: 2h, rollback: deny } }\n";
    expect([...parsePolicy(text, "p.yml").environments.values()]).toEqual([
      { id: "staging", after: null, minimum: 0, rollback: "allow" },
      { id: "production", after: "staging", minimum: 7200, rollback: "deny" },
    ]);
  });

  test.each([
    [
      "an environment that is not named",
      "deployments: { production: { after: stagging } }",
      '2:37 no environment "stagging" is named here',
    ],
    ["a shortest time of nothing", "deployments: { production: { minimum: 2h } }", "without `after`"],
    ["itself", "deployments: { production: { after: production } }", "waits for itself"],
    ["a circle", "deployments: { a: { after: b }, b: { after: c }, c: { after: a } }", "waits for itself"],
    ["no duration", "deployments: { s: {}, p: { after: s, minimum: 0h } }", "2:"],
  ])("%s is an error with its place", (_what, text, words) => {
    expect(placed(text).join("\n")).toContain(words);
  });
});
