// SPDX-License-Identifier: Apache-2.0
import { existsSync } from "node:fs";
import { join } from "node:path";
import { toRawText } from "@countersign/core/ids";
import {
  formatCodeQuality,
  formatGithubAnnotations,
  formatJsonReport,
  formatMarkdownReport,
  formatSarif,
  formatTerminalReport,
  type GateReport,
  PLAIN_PALETTE,
} from "@countersign/core/render";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  AI_MESSAGE,
  createScenario,
  findingOf,
  keyOf,
  NOW,
  peopleYaml,
  type Scenario,
  SENIOR_RULES,
  TARGET,
} from "./gate-scenario.fixture.ts";

let scenario: Scenario;
beforeAll(async () => {
  scenario = await createScenario({
    policy: `${SENIOR_RULES}breakGlass: { role: commander, count: 1, expires: 24h, postReview: 48h }\n`,
  });
});
afterAll(() => scenario[Symbol.asyncDispose]());

/** One piece of outside text with everything that some medium acts upon. */
const EVIL = [
  "\u001b[2J\u001b]0;owned\u0007",
  "\u009b31m",
  "\r::error::forged",
  "\b\u007f",
  "\u202egnissap\u202c",
  "<script>alert(1)</script><img src=x onerror=alert(1)>",
  "](javascript:alert(1)) ![x](https://evil.example/x.png) | a | `b` @everyone #1",
  "%0A::set-output name=x::y",
  "$(touch owned) `touch owned` ; touch owned | touch owned & touch owned",
  "../../../../etc/passwd",
].join(" ");
const LINE = EVIL.replaceAll("\r", "");

const FORMATS: Readonly<Record<string, (report: GateReport) => string>> = {
  terminal: (report) => formatTerminalReport(report, { palette: PLAIN_PALETTE, width: 100 }),
  markdown: formatMarkdownReport,
  github: formatGithubAnnotations,
  gitlab: formatCodeQuality,
  sarif: (report) => formatSarif(report, "1.0.0"),
  json: formatJsonReport,
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
const ACTING = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

/** What no medium may get from a change's text, whoever wrote it. */
function expectHarmless(report: GateReport): void {
  for (const [name, format] of Object.entries(FORMATS)) {
    const text = format(report);
    expect(text, `${name}: a control character`).not.toMatch(ACTING);
    if (name === "github") expectOwnCommands(text);
    if (name === "markdown") expectPlainMarkdown(text);
    if (name === "terminal") expect(text.split("\n").filter((line) => /^\s*::/.test(line))).toEqual([]);
    // Their readers show strings as text; what would be rendered is a member of its own, which we never write.
    if (["gitlab", "sarif", "json"].includes(name)) expect(() => JSON.parse(text), name).not.toThrow();
    if (name === "sarif") expect(text).not.toMatch(/"markdown"\s*:/);
  }
}

/** Every line that a runner acts upon is one that we wrote. */
function expectOwnCommands(text: string): void {
  for (const line of text.split("\n").filter((row) => row !== "")) {
    expect(line).toMatch(/^(?:::(?:error|warning|notice)(?: [^\n]*?)?::|[^:#\s])/);
    expect(line.slice(2).replace(/^[^:]*::/, "")).not.toMatch(/(?:^|\s)::/);
  }
}

function expectPlainMarkdown(text: string): void {
  const outsideCode = text.replace(/(`+)[^`][\s\S]*?\1/g, "");
  expect(outsideCode).not.toMatch(/<script|<img/i);
  expect(outsideCode).not.toMatch(/(?<!\\)\]\(javascript:|!\[x\]\(https/);
  expect(outsideCode).not.toMatch(/(?<![\\`\w])@everyone/);
}

async function judge(
  options: Parameters<Scenario["propose"]>[0],
  gate: Parameters<Scenario["gate"]>[0] = {},
): Promise<GateReport> {
  return await scenario.gate({ head: await scenario.propose(options), ...gate });
}

describe("T62: text from outside is text in every medium", () => {
  it.each<[string, Parameters<Scenario["propose"]>[0]]>([
    ["a title", { message: `${LINE}\n\nAI-Assisted: cursor/unknown\n` }],
    ["a trailer's value", { message: `x\n\nAI-Assisted: ${LINE}\n` }],
    ["a tool's name and parameters", { message: `x\n\nAI-Assisted: evil${LINE}/m${LINE}; extent=${LINE}\n` }],
    [
      "a co-author",
      {
        message: `x\n\nAI-Assisted: cursor/unknown\nCo-authored-by: ${LINE.replaceAll(/[<>]/g, "")} <e@example.com>\n`,
      },
    ],
    ["a malformed trailer", { message: `x\n\nAI-Asisted: ${LINE}\nAI Assisted ${LINE}\n` }],
    ["an author's name", { author: { name: LINE.replaceAll(/[<>\n]/g, ""), email: "evil@example.com" } }],
    [
      "an author's address",
      { author: { name: "evil", email: `${LINE.replaceAll(/[<>\n]/g, "")}@example.com` } },
    ],
    ["a path", { files: { [`a/${LINE.replaceAll("/", "_").replaceAll("..", "")}`]: "x\n" } }],
    [
      "a path with a line feed that forges a command",
      { files: { "a\n::error::forged\n::set-output name=x::y": "x\n" } },
    ],
    [
      "a path of bytes that are no UTF-8",
      { files: { [toRawText(Uint8Array.from([0x61, 0xff, 0x1b, 0x5b, 0x32, 0x4a]))]: "x\n" } },
    ],
    [
      "a path in infrastructure, which the findings name",
      { files: { [`deploy/\u001b[2J${"<script>x"}`]: "x\n", "main.tf": "x\n" } },
    ],
    ["a link's target", { files: { link: { symlink: `deploy/${LINE}` } } }],
    [
      "a revert's words",
      { message: `Revert "${LINE}"\n\nThis reverts commit ${LINE}\n\nAI-Assisted: cursor/unknown\n` },
    ],
  ])("%s", async (_what, options) => {
    const report = await judge(options);
    expect(["pending", "denied"]).toContain(report.verdict);
    expectHarmless(report);
  });

  it("a branch's name and a description", async () => {
    const report = await judge(
      { message: "x\n" },
      { branchNames: [`codex/${LINE}`], description: `AI-Assisted: ${LINE}\n` },
    );
    expect(report.change).toMatchObject({ ai: { assisted: true } });
    expectHarmless(report);
  });

  it("a login that pushed it", async () => {
    const contributors = [
      {
        identity: { name: LINE, email: LINE },
        login: LINE,
        as: ["pusher" as const],
        isService: false,
        commits: [],
      },
    ];
    const report = await judge({}, { contributors });
    expect(findingOf(report, "unknown-author").status).toBe("warning");
    expectHarmless(report);
  });

  it.each(["approve", "reject", "override", "revoke"] as const)(
    "the reason of a signed %s",
    async (decision) => {
      const head = await scenario.propose();
      await scenario.sign("senior", { head, at: NOW - 7200 });
      const person = decision === "override" ? "commander" : "senior";
      const reason = await scenario.sign(person, { head, predicate: { decision, reason: LINE } }).then(
        () => LINE,
        () => undefined,
      );
      if (reason === undefined)
        await scenario.sign(person, {
          head,
          predicate: { decision, reason: "<script>alert(1)</script> ::error::forged" },
        });
      const report = await scenario.gate({ head });
      expect(report.signOffs.length).toBeGreaterThan(0);
      expectHarmless(report);
    },
  );

  it.each([
    ["a principal that is a path", "../../../etc/passwd"],
    ["a principal with an escape", "\u001b[2Jsenior"],
    ["a principal of markup", "<script>alert(1)</script>"],
    ["a principal named like an object's parts", "__proto__"],
    ["a principal of a megabyte", "a".repeat(1_000_000)],
  ])("%s counts for nothing and breaks nothing", async (_what, principal) => {
    const head = await scenario.propose();
    await scenario.sign("senior", { head, predicate: { principal } }).catch(() => undefined);
    const report = await scenario.gate({ head });
    expect(report.verdict).toBe("pending");
    expect(report.signOffs.filter(({ counted }) => counted)).toEqual([]);
    expectHarmless(report);
  });

  it.each(["../x", "__proto__", "constructor", "\u001b[2J", "a b", "<script>"])(
    "a policy cannot name a person %j",
    async (id) => {
      const people = `${await peopleYaml()}  ${JSON.stringify(id)}: { emails: [x@example.com] }\n`;
      await using own = await createScenario({ people });
      const report = await own.gate({ head: await own.propose() });
      expect(report.verdict).toBe("denied");
      expect(findingOf(report, "policy").reason).toContain(".countersign/policy.yml:");
      expectHarmless(report);
    },
  );

  it("a key's comment and a rule's message, written by whoever wrote the policy", async () => {
    const people = (await peopleYaml()).replace(
      (await keyOf("senior")).publicKey,
      `${(await keyOf("senior")).publicKey.split(" ").slice(0, 2).join(" ")} <script>x</script>`,
    );
    const policy = `${SENIOR_RULES}  - { id: html, when: change.ai.assisted, deny: "<script>alert(1)</script> ::error::forged [x](javascript:alert(1))" }\n`;
    await using own = await createScenario({ people, policy });
    const report = await own.gate({ head: await own.propose() });
    expect(report.verdict).toBe("denied");
    expectHarmless(report);
  });

  it("an evidence envelope whose words are an attack", async () => {
    await using own = await createScenario();
    await own.addEnvelope(
      Buffer.from(`{"payloadType":"\u001b[2J<script>alert(1)</script>","payload":"::error::forged"}`),
    );
    await own.addEnvelope(Buffer.from("\u001b[2J::error::forged"));
    const report = await own.gate({ head: await own.propose() });
    expect(report.notes).toHaveLength(2);
    expectHarmless(report);
  });

  it("a path in the evidence that is an attack", async () => {
    await using own = await createScenario();
    await own.repo.commit({
      branch: "refs/countersign/evidence",
      parents: [],
      message: "x\n",
      files: { "\u001b[2J<script>::error::forged": "x\n" },
    });
    const report = await own.gate({ head: await own.propose() });
    expect(report.notes).toHaveLength(1);
    expectHarmless(report);
  });

  it("nothing of it reached a shell or another file", async () => {
    await judge({
      message: `${LINE}\n\nAI-Assisted: $(touch owned)\n`,
      files: { "$(touch owned)": "x\n", "--upload-pack=touch owned": "x\n", "-rf": "x\n" },
    });
    expect(existsSync(join(scenario.repo.path, "owned"))).toBe(false);
    expect(existsSync("owned")).toBe(false);
    const status = await scenario.repo.git(["for-each-ref", "--format=%(refname)", "refs/heads/main"]);
    expect(status).toBe(TARGET);
  });
});

describe("T62: size is bounded", () => {
  it.each([
    ["a trailer of a megabyte", { message: `x\n\nAI-Assisted: cursor/${"m".repeat(1_000_000)}\n` }],
    ["a title of a megabyte", { message: `${"t".repeat(1_000_000)}\n\nAI-Assisted: cursor/unknown\n` }],
    [
      "ten thousand trailers",
      {
        message: `x\n\n${Array.from({ length: 10_000 }, (_, i) => `AI-Assisted: tool${i}/m${i}\n`).join("")}`,
      },
    ],
    [
      "ten thousand co-authors",
      {
        message: `${AI_MESSAGE}${Array.from({ length: 10_000 }, (_, i) => `Co-authored-by: a${i} <a${i}@example.com>\n`).join("")}`,
      },
    ],
    ["a path of four thousand letters", { files: { [`${"d/".repeat(1000)}${"f".repeat(2000)}`]: "x\n" } }],
    ["a name of ten thousand letters", { author: { name: "n".repeat(10_000), email: "long@example.com" } }],
  ])("%s: the reports for people stay readable", async (_what, options) => {
    const started = process.cpuUsage().user / 1000;
    const report = await judge(options);
    expect(report.verdict).toBe("pending");
    expect(process.cpuUsage().user / 1000 - started).toBeLessThan(15_000);
    expectHarmless(report);
    for (const name of ["terminal", "github", "gitlab"])
      expect(FORMATS[name]?.(report).length, name).toBeLessThan(200_000);
    expect(formatMarkdownReport(report).length).toBeLessThan(1_000_000);
  });
});
