// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { toUtf8 } from "../ids/index.ts";
import { toDeploymentStatement } from "./deployment-v0.1.ts";
import { toGateVerdict } from "./gate-verdict-v0.1.ts";
import {
  DEPLOYMENT,
  INVALID,
  type InvalidStatementVector,
  type StatementVector,
  VALID,
  VERDICT,
} from "./machine-statements.fixture.ts";
import { parseMachineStatement } from "./parse-machine-statement.ts";
import { formatRawStatement, MAX_STATEMENT_BYTES, parseRawStatement } from "./statement.ts";
import { toVerdictStatement } from "./verdict-statement.ts";

const SPECS = fileURLToPath(new URL("../../../../specs/", import.meta.url));
const EXAMPLE = /(<!-- example: payload ([0-9]+) -->\n+```json\n)([\s\S]*?)(```)/g;
const NAMES = Object.keys(VALID);

const pathOf = (name: string, file: string) => `${SPECS}vectors/${name}/${file}.json`;

function read<T>(name: string, file: string): readonly T[] {
  return JSON.parse(readFileSync(pathOf(name, file), "utf8")) as readonly T[];
}

/** The n-th valid vector, as a specification shows it. */
function toExample(name: string, index: string): string {
  const { payload = "null" } = read<StatementVector>(name, "valid")[Number(index)] ?? {};
  return `${JSON.stringify(JSON.parse(payload), null, 2)}\n`;
}

if (process.env.COUNTERSIGN_WRITE_VECTORS === "1") {
  for (const name of NAMES) {
    mkdirSync(`${SPECS}vectors/${name}`, { recursive: true });
    writeFileSync(pathOf(name, "valid"), `${JSON.stringify(VALID[name]?.(), null, 2)}\n`);
    writeFileSync(pathOf(name, "invalid"), `${JSON.stringify(INVALID[name]?.(), null, 2)}\n`);
    const text = readFileSync(`${SPECS}${name}.md`, "utf8");
    writeFileSync(
      `${SPECS}${name}.md`,
      text.replace(EXAMPLE, (_, start: string, index: string, __: string, end: string) => {
        return start + toExample(name, index) + end;
      }),
    );
  }
}

const parse = (payload: string) => parseMachineStatement(parseRawStatement(toUtf8(payload)));

describe.each(NAMES)("specs/%s.md", (name) => {
  it("shows examples that are the published vectors", () => {
    const found = [...readFileSync(`${SPECS}${name}.md`, "utf8").matchAll(EXAMPLE)];
    expect(found.length).toBeGreaterThan(0);
    for (const [, , index = "", text] of found) expect(text).toBe(toExample(name, index));
  });

  it("has vectors that say exactly this", () => {
    for (const { name: title, payload, statement } of read<StatementVector>(name, "valid"))
      expect(parse(payload), title).toEqual(statement);
  });

  it("has vectors that are refused for their reason", () => {
    for (const { name: title, payload, code } of read<InvalidStatementVector>(name, "invalid"))
      expect(() => parse(payload), title).toThrow(expect.objectContaining({ name: "CoreError", code }));
  });

  it("has the vectors that the makers make", () => {
    expect(read(name, "valid")).toEqual(JSON.parse(JSON.stringify(VALID[name]?.())));
    expect(read(name, "invalid")).toEqual(INVALID[name]?.());
    expect(read<InvalidStatementVector>(name, "invalid").map(({ code }) => code)).not.toContain("accepted");
  });
});

describe("what is too much for a statement", () => {
  const long = `\u202e\u001b[2J${"全".repeat(500)}`;

  it("is cut: the findings that decide stay, and texts can be printed", () => {
    const findings = Array.from({ length: 300 }, (_, i) => ({
      rule: `rule-${i}`,
      status: i === 299 ? ("fail" as const) : ("pass" as const),
      reason: long,
    }));
    const verdict = toGateVerdict({
      ...VERDICT,
      findings,
      tools: Array(500).fill("全".repeat(400)),
      signOffs: Array(500).fill({ ...VERDICT.signOffs[0], principal: "x".repeat(100) }),
    });
    const bytes = formatRawStatement(toVerdictStatement(verdict));
    expect(bytes.length).toBeLessThan(MAX_STATEMENT_BYTES);
    expect(verdict.findings[0]).toMatchObject({ rule: "rule-299", status: "fail" });
    expect(verdict.omitted).toBe(270);
    expect(verdict.findings[0]?.reason).toMatch(/^\ufffd\ufffd\[2J全+…$/);
    expect(parseMachineStatement(parseRawStatement(bytes))).toMatchObject({ kind: "verdict" });
  });

  it("never hides that a deployment was denied", () => {
    const statement = toDeploymentStatement({
      ...DEPLOYMENT,
      verdict: "denied",
      artifacts: Array(64).fill({ name: "x".repeat(200), digest: { sha256: "b".repeat(64) } }),
      pipeline: { issuer: "全".repeat(500), subject: "全".repeat(500), run: "全".repeat(500) },
      gaps: Array(5000).fill("6".repeat(40)),
      reasons: Array(100).fill({ rule: long, reason: long }),
    });
    const parsed = parseMachineStatement(parseRawStatement(formatRawStatement(statement)));
    expect(parsed).toMatchObject({ kind: "deployment", predicate: { verdict: "denied" } });
  });
});
