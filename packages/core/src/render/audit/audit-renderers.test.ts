// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join as joinPath } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { PLAIN_PALETTE } from "../palette.ts";
import { EVIL_TEXTS } from "../sample-report.fixture.ts";
import { formatAiLines, formatShare, QUESTIONS } from "./audit-words.ts";
import { formatAuditCsv } from "./csv-audit.ts";
import { describeReview } from "./describe-review.ts";
import { formatAuditHtml } from "./html/html-audit.ts";
import { formatAuditJson } from "./json-audit.ts";
import { formatAuditMarkdown } from "./markdown-audit.ts";
import { hostileAudit, SAMPLE_AUDIT, sampleChange, toReport } from "./sample-audit.fixture.ts";
import { formatAuditTerminal } from "./terminal-audit.ts";

type Report = typeof SAMPLE_AUDIT;
const join = (pieces: Iterable<string>) => [...pieces].join("");
const terminal = (report: Report) =>
  join(formatAuditTerminal(report, { palette: PLAIN_PALETTE, width: 100 }));
const markdown = (report: Report) => join(formatAuditMarkdown(report));
const html = (report: Report, bundle: string | null = null) =>
  join(formatAuditHtml(report, { proofs: bundle === null ? null : { bundle, script: "0;", version: "1" } }));
const csv = (report: Report) => join(formatAuditCsv(report));
const json = (report: Report) => join(formatAuditJson(report));

/** Controls, line separators, bidi and invisible characters: none may reach a medium as itself. */
const UNSAFE = /(?![\n\r])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

const SCHEMA = z.fromJSONSchema(
  JSON.parse(
    readFileSync(joinPath(import.meta.dirname, "../../../../../specs/audit-report.schema.json"), "utf8"),
  ),
);

describe("the JSON document", () => {
  it("is what its published schema says", () => {
    const documents = [SAMPLE_AUDIT, toReport([], { ledger: null, surviving: null }), hostileAudit("x")].map(
      (one) => JSON.parse(json(one)),
    );
    for (const document of documents) expect(SCHEMA.safeParse(document)).toMatchObject({ success: true });
    const [document] = documents;
    expect(SCHEMA.safeParse({ ...document, head: "main" }).success).toBe(false);
    expect(SCHEMA.safeParse({ ...document, changes: [{ head: document.head }] }).success).toBe(false);
    expect(SCHEMA.safeParse({ ...document, totals: {} }).success).toBe(false);
  });
});

describe("infrastructure", () => {
  it("is told of by category in every medium, dangers of unsigned changes as the first gap", () => {
    const media = { terminal, markdown, html, csv };
    for (const [name, render] of Object.entries(media)) {
      const text = render(SAMPLE_AUDIT).replaceAll("\\", "").replaceAll("&#42;", "*");
      for (const part of ["aws_route.peer", "iam", "routing", "sends 10.0.0.0/8 to a peering connection"])
        expect(text, name).toContain(part);
    }
    for (const text of [terminal(SAMPLE_AUDIT), markdown(SAMPLE_AUDIT), html(SAMPLE_AUDIT)])
      expect(text.indexOf("dangerous AI change")).toBeLessThan(text.indexOf("shipped against the policy"));
    expect(terminal(SAMPLE_AUDIT)).toMatch(
      /routing +\d+ resources +AI wrote \d+ of \d+ lines +\d+ dangers, /,
    );
    expect(terminal(toReport([sampleChange(1)]))).not.toContain("did to infrastructure");
  });
});

describe("the answer", () => {
  it("comes first, then the gaps, then the five questions in their order", () => {
    for (const text of [terminal(SAMPLE_AUDIT), markdown(SAMPLE_AUDIT), html(SAMPLE_AUDIT)]) {
      // An HTML page names the questions again in each change; the headings come first.
      const places = ["30 of 80 changes", "shipped against the policy", ...Object.values(QUESTIONS)].map(
        (part) => text.indexOf(part),
      );
      expect(places).not.toContain(-1);
      expect(places).toEqual([...places].sort((a, b) => a - b));
    }
  });

  it("never rounds something to nothing, nor a part to the whole", () => {
    expect([formatShare(0, 10), formatShare(1, 100_000), formatShare(99_999, 100_000)]).toEqual([
      "0 %",
      "< 0.1 %",
      "> 99.9 %",
    ]);
    expect([formatShare(10, 10), formatShare(1, 3), formatShare(0, 0)]).toEqual(["100 %", "33.3 %", "–"]);
  });

  it("says from how many lines to how many where commits name an AI without its lines", () => {
    expect(formatAiLines({ added: 100, ai: 10, claimed: 30, human: 0, unknown: 60 })).toBe("10 – 40 %");
  });

  it("says that nothing shipped, rather than that all was well", () => {
    const empty = toReport([], { surviving: null });
    for (const text of [terminal(empty), markdown(empty), html(empty)])
      expect(text).toContain("Nothing shipped");
  });
});

describe("each AI-assisted change", () => {
  const plain = (text: string) => text.replace(/\\(?=[!-/:-@[-`{-~])/g, "").replace(/\s+/g, " ");
  const wide = (report: Report) =>
    plain(join(formatAuditTerminal(report, { palette: PLAIN_PALETTE, width: 400, isWhole: true })));
  const whole = (report: Report) => plain(join(formatAuditMarkdown(report, { isWhole: true })));

  it("comes with who signed when, what the policy asked, and where the log proves it, in every medium for people", () => {
    for (const text of [wide(SAMPLE_AUDIT), whole(SAMPLE_AUDIT)]) {
      for (const change of SAMPLE_AUDIT.changes) {
        if (!change.isAssisted) continue;
        const own = text.slice(text.indexOf(change.head.slice(0, 12), text.indexOf("added lines")));
        const lines = describeReview(change);
        expect(lines.length).toBeGreaterThanOrEqual(3);
        for (const { text: line } of lines) expect(own).toContain(line);
        for (const { person, proof } of change.signOffs)
          expect(lines.map((one) => one.text).join()).toMatch(
            new RegExp(`${person} approved .*log entry ${proof?.index} of`),
          );
      }
      expect(text).toContain("countersign ledger prove N --out N.tlog-proof");
    }
  });

  it("that nobody signed says so, and that evidence is in no log too", () => {
    const change = { ...sampleChange(4), verdict: "pending", signOffs: [] } as const;
    const [record] = change.records;
    const bare = { ...change, records: [{ object: record?.object ?? "", proof: null }] };
    for (const text of [terminal(toReport([bare])), markdown(toReport([bare]))]) {
      expect(text).toContain("✘ nobody signed");
      expect(text).toContain("1 record of who wrote which lines; not in a log");
    }
  });

  it("is one of twenty in a terminal, unless all are asked for; what strangers push hides no approval", () => {
    expect(terminal(SAMPLE_AUDIT)).toContain("… and 10 more");
    expect(wide(SAMPLE_AUDIT)).not.toContain("more (--all");
    const [approval] = sampleChange(4).signOffs;
    if (approval === undefined) throw new Error("expected a sign-off in the sample");
    const noise = Array.from({ length: 500 }, () => ({ ...approval, person: null, counted: false }));
    const crowded = toReport([{ ...sampleChange(4), signOffs: [...noise, approval] }]);
    for (const text of [terminal(crowded), markdown(crowded)]) {
      expect(text).toContain("✔ senior approved");
      expect(text).toContain("more");
      expect(text.length).toBeLessThan(12_000);
    }
  });

  it.each([48, 80, 120])("keeps within %i columns", (width) => {
    const text = join(formatAuditTerminal(SAMPLE_AUDIT, { palette: PLAIN_PALETTE, width }));
    const rows = text.slice(text.indexOf("AI-assisted changes, newest first")).split("\n");
    for (const row of rows) expect(row.length, row).toBeLessThanOrEqual(width);
  });
});

describe.each(EVIL_TEXTS)("with %j in every place that outsiders control", (evil) => {
  const report = hostileAudit(evil);

  it("the terminal gets no command", () => {
    expect(terminal(report)).not.toMatch(UNSAFE);
    expect(terminal(report)).not.toContain("\r");
    expect(terminal(report)).not.toMatch(/^::|##\w*\[/m);
  });

  it("Markdown gets no construct", () => {
    const text = markdown(report);
    expect(text).not.toMatch(UNSAFE);
    // What stands in a code span is text whatever it is.
    const marked = text.replace(/(`+)(?!`).*?(?<!`)\1(?!`)/g, "");
    expect(marked).not.toMatch(/<(?!br>|code>|\/code>|sub>|\/sub>)/);
    expect(marked).not.toMatch(/(?<!\\)!\[|(?<!\\)\]\(|@everyone/);
  });

  it("HTML gets no element, attribute or script of theirs", () => {
    const text = html(report);
    expect(text.replace(/<style>.*?<\/style>/s, "")).not.toMatch(UNSAFE);
    const tags = new Set([...text.matchAll(/<([a-z0-9]+)/gi)].map(([, name]) => name));
    expect([...tags].filter((name) => !KNOWN_TAGS.has(name ?? ""))).toEqual([]);
    expect(text).not.toMatch(
      /\son[a-z]+\s*=|javascript:\s*alert|src=/i.test(evil) ? /<[^>]*\son[a-z]+=/i : /\son[a-z]+=/i,
    );
    expect(text).not.toMatch(/<(script|img|iframe|link|object)\b/i);
  });

  it("CSV gets one row a change, and no formula", () => {
    const rows = parseCsv(csv(report));
    expect(rows).toHaveLength(report.changes.length + 1);
    for (const row of rows) {
      expect(row).toHaveLength(rows[0]?.length ?? 0);
      for (const cell of row) expect(cell).not.toMatch(/^[\s"]*[=+\-@|%]/);
    }
  });

  it("JSON gives back exactly what was there", () => {
    expect(json(report)).not.toMatch(UNSAFE);
    expect(JSON.parse(json(report))).toEqual(JSON.parse(JSON.stringify(report)));
  });
});

const KNOWN_TAGS = new Set(
  "html head meta title style body main header div h1 h2 h3 p b i a nav span section table thead tbody tr th td figure figcaption small svg rect g text line ul li dl dt dd details summary code footer".split(
    " ",
  ),
);

/** RFC 4180, as strict as it gets. */
function parseCsv(text: string): readonly (readonly string[])[] {
  const rows = text.split("\r\n");
  expect(rows.pop()).toBe("");
  return rows.map((row) => {
    const cells = row.match(/(?:^|,)(?:"(?:[^"]|"")*"|[^",]*)/g) ?? [];
    expect(cells.join("")).toBe(row);
    return cells.map((cell) =>
      cell
        .replace(/^,/, "")
        .replace(/^"(.*)"$/s, "$1")
        .replaceAll('""', '"'),
    );
  });
}

describe("spreadsheets", () => {
  it.each(["=1+1", "+1", "-1", "@SUM(A1)", "  =1", "'=1", '"=1', "＝1", "|cmd", "%x"])(
    "take %j for text",
    (title) => {
      const [, row] = parseCsv(csv(toReport([{ ...sampleChange(1), title }])));
      expect(row?.[4]).toMatch(/^'/);
    },
  );
});

describe("the HTML page", () => {
  it("loads nothing, and allows no script where it has none of its own", () => {
    const page = html(SAMPLE_AUDIT);
    expect(page).toContain("default-src 'none'");
    expect(page).not.toContain("<script");
    expect(page).not.toMatch(/\b(?:src|href)="(?!#)/);
    expect(page).not.toMatch(/@import|url\(/);
  });

  it("allows exactly the script that checks its proofs", async () => {
    const page = html(SAMPLE_AUDIT, '{"a":"</script><script>alert(1)</script><!--"}');
    const scripts = [...page.matchAll(/<script>(.*?)<\/script>/gs)].map(([, text]) => text ?? "");
    expect(scripts).toHaveLength(1);
    const digest = Buffer.from(await crypto.subtle.digest("SHA-256", Buffer.from(scripts[0] ?? ""))).toString(
      "base64",
    );
    expect(page).toContain(`script-src 'sha256-${digest}'`);
    const data =
      /<script type="application\/json" id="countersign-bundle">(.*?)<\/script>/s.exec(page)?.[1] ?? "";
    expect(JSON.parse(data)).toEqual({ a: "</script><script>alert(1)</script><!--" });
  });

  it("stays openable: of ten thousand changes the newest are shown, and the rest is counted", () => {
    const many = toReport(Array.from({ length: 10_000 }, (_, n) => sampleChange(n)));
    const page = html(many);
    expect(page.length).toBeLessThan(6_000_000);
    expect(page).toMatch(/The newest 1,500 of 7,[0-9]{3} are shown/);
    expect(csv(many).split("\r\n")).toHaveLength(10_002);
  });
});
