// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Identity } from "../ids/index.ts";
import type { Assistance } from "./assistance.ts";
import type { Emission } from "./emission.ts";
import { formatAssistanceTrailer, type TrailerClaim } from "./format-trailer.ts";
import { toModelName } from "./model-name.ts";
import { parseCommitMessage, toCommitState } from "./parse-message.ts";

interface ReadingVector {
  readonly name: string;
  readonly reader: "core" | "full";
  readonly input: {
    readonly message: string;
    readonly author?: Identity;
    readonly committer?: Identity;
    readonly branchNames?: readonly string[];
  };
  readonly expected: {
    readonly state: string;
    readonly assistance: readonly Omit<Assistance, "vendor">[];
    readonly claimsNone: number | null;
    readonly warnings: readonly string[];
  };
}

interface VectorFile {
  readonly specification: string;
  readonly version: string;
  readonly kind: "reading" | "model" | "writing";
  readonly vectors: readonly { readonly name: string }[];
}

const FOLDER = new URL("../../../../specs/vectors/", import.meta.url);
const PERSON = { name: "A. Author", email: "author@example.org" };
const files = readdirSync(FOLDER).filter((name) => name.endsWith(".json") && !name.endsWith(".schema.json"));

test("the published vectors are all here", () => {
  expect(files.sort()).toEqual([
    "conventions.json",
    "denial.json",
    "identities.json",
    "look-alike.json",
    "malformed.json",
    "models.json",
    "multiple.json",
    "quoted.json",
    "squash.json",
    "valid.json",
    "writing.json",
  ]);
});

describe.each(files)("specs/vectors/%s", (name) => {
  const file = JSON.parse(readFileSync(new URL(name, FOLDER), "utf8")) as VectorFile;
  expect([file.specification, file.version]).toEqual(["ai-assisted-trailer", "1.0.0"]);
  expect(new Set(file.vectors.map((it) => it.name)).size).toBe(file.vectors.length);

  test.each(file.vectors.map((vector) => [vector.name, vector] as const))("%s", (_, vector) => {
    if (file.kind === "reading") checkReading(vector as ReadingVector);
    if (file.kind === "model") {
      const { raw, model } = vector as unknown as { raw: string; model: string | null };
      expect(toModelName(raw)).toBe(model);
    }
    if (file.kind === "writing") {
      const { claim, profile, trailer } = vector as unknown as {
        claim: TrailerClaim;
        profile: Emission;
        trailer: string | null;
      };
      expect(formatAssistanceTrailer(claim, profile)).toBe(trailer);
    }
  });
});

function checkReading({ input, expected }: ReadingVector): void {
  const parsed = parseCommitMessage({ author: PERSON, committer: PERSON, ...input });
  expect({
    state: toCommitState(parsed),
    assistance: parsed.assistance.map(({ vendor: _, ...claim }) => claim),
    claimsNone: parsed.claimsNone,
    warnings: [...new Set(parsed.warnings.map((it) => it.code))].sort(),
  }).toEqual({
    ...expected,
    assistance: expected.assistance.map((it) => ({ ...it })),
  });
}
