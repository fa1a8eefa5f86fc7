// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { isAiIdentity, isServiceIdentity } from "./identities.ts";
import { parseCommitMessage } from "./parse-message.ts";
import { BOTS, FORGE_SERVICES, KEYS, MODEL_FAMILIES, TOOLS } from "./registry.ts";

const PERSON = { name: "A. Author", email: "author@example.org" };
const read = (message: string, more = {}) =>
  parseCommitMessage({ message, author: PERSON, committer: PERSON, ...more }).assistance;
const rows = TOOLS.flatMap((tool) => tool.markers.map((row) => ({ tool: tool.tool, row })));

describe("every marker matches its own example, and as its own tool", () => {
  test.each(rows.map(({ tool, row }) => [tool, row[0], row[1], row] as const))(
    "%s %s %s",
    (tool, kind, pattern, row) => {
      const example = row[4] ?? pattern.replace("#", "123456789012").replace("*", "x1");
      const found = () => {
        switch (kind) {
          case "email":
            return read("x", { author: { name: "", email: example } });
          case "app-slug":
            return read("x", { author: { name: "", email: `123+${example}@users.noreply.github.com` } });
          case "session-key":
          case "vendor-key":
            return read(`x\n\n${example}: https://example.org/1`);
          case "footer":
          case "session-link":
            return read(`x\n\n${example}`);
          case "branch":
            return read("x", { branchNames: [example] });
          case "name-suffix":
          case "agent-path":
            return read("x", { author: { name: example, email: PERSON.email } });
          case "title-prefix":
            return read(example);
        }
      };
      expect(found().map((it) => it.tool)).toEqual([tool]);
    },
  );

  test.each(rows.filter(({ row }) => row[0] === "app-slug").map(({ tool, row }) => [tool, row[1]]))(
    "%s slug %s without its number",
    (tool, slug) => {
      expect(isAiIdentity({ name: slug, email: `${slug}@users.noreply.github.com` })?.tool).toBe(tool);
    },
  );
});

describe("the registry", () => {
  test("has unique tools, keys and patterns", () => {
    const ids = TOOLS.map((it) => it.tool);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(KEYS.map((it) => it.key)).size).toBe(KEYS.length);
    const patterns = rows.map(({ row }) => `${row[0]} ${row[1]}`);
    expect(patterns.filter((it, i) => patterns.indexOf(it) !== i)).toEqual([]);
  });

  test("names tools in kebab-case, and no name belongs to two", () => {
    for (const { tool } of TOOLS) expect(tool).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    const names = TOOLS.flatMap((it) => [...it.names, ...it.ambiguous]);
    expect(names.filter((it, i) => names.indexOf(it) !== i)).toEqual([]);
  });

  test("matches whole addresses, never a vendor's domain", () => {
    for (const { row } of rows) if (row[0] === "email") expect(row[1]).toMatch(/^[a-z0-9._-]+@[a-z0-9.-]+$/);
    const domains = new Set(
      rows.filter(({ row }) => row[0] === "email").map(({ row }) => row[1].split("@")[1]),
    );
    for (const domain of domains)
      expect(isAiIdentity({ name: "A. Person", email: `person@${domain}` })).toBe(undefined);
  });

  test("matches a person of a tool's name nowhere", () => {
    for (const { ambiguous } of TOOLS) {
      for (const name of ambiguous) {
        expect(isAiIdentity({ name, email: "person@example.org" })).toBe(undefined);
        expect(isAiIdentity({ name: `${name} Martin`, email: "person@example.org" })).toBe(undefined);
      }
    }
  });

  test("leaves wildcards to the kinds that have them, at the end", () => {
    for (const { row } of rows) {
      if (row[0] === "branch" || row[0] === "session-link") expect(row[1]).toMatch(/^[^*]{2,}\*?$/);
      else if (row[0] !== "agent-path") expect(row[1]).not.toMatch(/[*#]/);
    }
  });

  test("knows the bots that are not AI and the forges, by address and slug", () => {
    for (const bot of BOTS) {
      const mailboxes = [
        ...bot.emails.map((email) => ({ name: "x", email })),
        ...bot.slugs.map((slug) => ({ name: slug, email: `1+${slug}@users.noreply.github.com` })),
      ];
      const names = bot.names.map((name) => ({ name, email: "x@example.org" }));
      expect(mailboxes.length + names.length).toBeGreaterThan(0);
      for (const identity of [...mailboxes, ...names]) expect(isAiIdentity(identity)).toBe(undefined);
      for (const identity of mailboxes)
        expect([identity, isServiceIdentity(identity)?.kind]).toEqual([identity, "bot"]);
      // T15: a person does not become nobody by taking a bot's name.
      for (const identity of names) expect(isServiceIdentity(identity)).toBe(undefined);
    }
    for (const { service, emails } of FORGE_SERVICES) {
      for (const email of emails)
        expect(isServiceIdentity({ name: "x", email })).toEqual({ kind: "forge", name: service });
    }
  });

  test("calls a machine's identity what it is, and a person's nothing", () => {
    expect(isServiceIdentity({ name: "Claude", email: "noreply@anthropic.com" })).toEqual({
      kind: "ai-tool",
      name: "claude-code",
    });
    expect(isServiceIdentity({ name: "some[bot]", email: "7+some[bot]@users.noreply.github.com" })).toEqual({
      kind: "bot",
      name: "some",
    });
    expect(isServiceIdentity({ name: "A. Author (aider)", email: "author@example.org" })).toBe(undefined);
    expect(isServiceIdentity({ name: "Codex", email: "author@example.org" })).toBe(undefined);
    expect(isServiceIdentity({ name: "gpt-4.1", email: "author+github-copilot@example.org" })).toBe(
      undefined,
    );
    expect(isServiceIdentity(PERSON)).toBe(undefined);
  });

  test("gives every model family a tool and words of its own", () => {
    const words = MODEL_FAMILIES.flatMap((it) => it.words);
    expect(new Set(words).size).toBe(words.length);
  });
});
