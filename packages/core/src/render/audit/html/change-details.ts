// SPDX-License-Identifier: Apache-2.0
import {
  type LoggedProof,
  type ShippedChange,
  type ShippedSignOff,
  severityOf,
} from "../../../audit/index.ts";
import { shortId } from "../../report-words.ts";
import {
  formatAiLines,
  formatCount,
  formatDay,
  formatShare,
  formatTime,
  formatTool,
  GAP_TITLES,
  listApprovals,
  plural,
  QUESTIONS,
  STATE_WORDS,
} from "../audit-words.ts";
import { describeProof } from "../describe-review.ts";
import { touched } from "./infrastructure.ts";
import { html, type Markup, NOTHING } from "./markup.ts";

const MOST_TAGS = 3;

/** One change: a line that opens into the answers to the five questions. */
export function changeDetails(change: ShippedChange): Markup {
  const infrastructure =
    change.infrastructure.length === 0 ? NOTHING : html`<dt>Infrastructure</dt><dd>${touched(change)}</dd>`;
  return html`<details id="c-${shortId(change.head)}"><summary><span class="when">${formatDay(change.seen?.at ?? change.committedAt)}</span><span class="title">${change.title === "" ? "(no title)" : change.title}</span><span class="tags">${tags(change)}</span></summary><dl class="answers"><dt>Commit</dt><dd>${where(change)}</dd><dt>${QUESTIONS.used}</dt><dd>${used(change)}</dd>${infrastructure}<dt>${QUESTIONS.which}</dt><dd>${tools(change)}</dd><dt>${QUESTIONS.reviewed}</dt><dd>${reviewed(change)}</dd><dt>${QUESTIONS.asked}</dt><dd>${asked(change)}</dd><dt>${QUESTIONS.after}</dt><dd>${after(change)}</dd><dt>Conditions</dt><dd>${conditions(change)}</dd></dl></details>
`;
}

function tags(change: ShippedChange): readonly Markup[] {
  const approvals = [...new Set(listApprovals(change).map(({ person }) => person))];
  return [
    ...change.tools.slice(0, MOST_TAGS).map((tool) => html`<span class="tag ai">${formatTool(tool)}</span>`),
    ...approvals.map((person) => html`<span class="tag good">✓ ${person}</span>`),
    ...change.gaps
      .slice(0, MOST_TAGS)
      .map((code) => html`<span class="tag ${TONES[severityOf(code)]}">${GAP_TITLES[code]}</span>`),
  ];
}

const TONES = { high: "bad", medium: "mid", low: "" } as const;

function where({ head, author, seen, committedAt, commits, files, classes, teams }: ShippedChange): Markup {
  const classed = classes.length === 0 ? NOTHING : html`<div>classes: ${classes.join(", ")}</div>`;
  const owned = teams.length === 0 ? NOTHING : html`<div>owned by ${teams.join(", ")}</div>`;
  const when =
    seen === null
      ? html`commits claim ${formatTime(committedAt)} UTC; nobody else saw it land`
      : html`landed ${formatTime(seen.at)} UTC, as the ${SEEN_BY[seen.by]} saw it`;
  return html`<div><code>${head}</code></div><div>${author.name}${author.email === "" ? "" : ` <${author.email}>`} · ${plural(commits, "commit")} · ${plural(files, "file")}</div><div>${when}</div>${classed}${owned}`;
}

const SEEN_BY = { ledger: "log", deployment: "delivery", push: "server" } as const;

function used({ state, lines }: ShippedChange): Markup {
  const parts = [
    ["an AI's", lines.ai],
    ["perhaps an AI's", lines.claimed],
    ["a human's", lines.human],
    ["of unknown origin", lines.unknown],
  ] as const;
  const list = parts.filter(([, count]) => count > 0).map(([name, count]) => `${formatCount(count)} ${name}`);
  return html`<div><b>${STATE_WORDS[state]}</b></div><div>${formatAiLines(lines)} of ${plural(lines.added, "added line")}${list.length === 0 ? "" : `: ${list.join(", ")}`}</div>`;
}

function tools({ tools: all }: ShippedChange): Markup {
  if (all.length === 0) return html`none named`;
  return html`${all.map(
    (tool) =>
      html`<div><b>${formatTool(tool)}</b>${tool.vendor === null ? "" : ` by ${tool.vendor}`} · ${tool.evidence}${tool.extents.length === 0 ? "" : ` · ${tool.extents.join(", ")}`}${tool.lines === 0 ? "" : ` · ${plural(tool.lines, "line")}`}</div>`,
  )}`;
}

function reviewed({ signOffs, verdicts, isAssisted }: ShippedChange): Markup {
  const gates = verdicts.map(
    ({ verdict, at, proof }) =>
      html`<div>a gate signed <b>${verdict}</b> at ${formatTime(at)} UTC${proofMark(proof)}</div>`,
  );
  if (signOffs.length === 0)
    return html`<div class="${isAssisted ? "no" : "quiet"}">no statement by anybody</div>${gates}`;
  return html`${signOffs.map(signOffLine)}${gates}`;
}

function signOffLine(signOff: ShippedSignOff): Markup {
  const { person, role, decision, counted, reason, comment, issuedAt, proof } = signOff;
  const who = person ?? "a key of nobody in the policy";
  const said = comment === null ? NOTHING : html`<div class="quiet">“${comment}”</div>`;
  return html`<div><span class="${counted ? "yes" : "no"}">${counted ? "counted" : "not counted"}</span> · <b>${who}</b>${role === null ? "" : ` as ${role}`}, ${decision}, signed ${formatTime(issuedAt)} UTC${proofMark(proof)}<div class="quiet">${reason}</div>${said}</div>`;
}

function proofMark(proof: LoggedProof | null): Markup {
  return html` · <span class="quiet">${describeProof(proof)}</span>`;
}

function asked({ sessions, recorderGaps }: ShippedChange): Markup {
  const gaps = recorderGaps.map(({ code, message }) => html`<div class="wait">${code}: ${message}</div>`);
  if (sessions.length === 0) return html`<span class="quiet">no conversation is named</span>${gaps}`;
  return html`${sessions.map(({ tool, session }) => html`<div>${tool}, conversation <code>${session}</code></div>`)}${gaps}`;
}

function after({ afterwards, lines }: ShippedChange): Markup {
  const { revertedBy, editedLines } = afterwards;
  const edited =
    editedLines === 0
      ? NOTHING
      : html`<div>${plural(editedLines, "AI line")} edited by somebody before landing (${formatShare(editedLines, lines.added)})</div>`;
  const reverted = revertedBy.map((id) => html`<div>taken back by <code>${shortId(id)}</code></div>`);
  if (editedLines === 0 && reverted.length === 0)
    return html`<span class="quiet">nothing that is recorded</span>`;
  return html`${edited}${reverted}`;
}

const CLASSES = {
  pass: "yes",
  fail: "no",
  error: "no",
  pending: "wait",
  warning: "wait",
  skipped: "quiet",
} as const;

function conditions({ conditions: all, unjudged, verdict, policyDigest, judgedAt }: ShippedChange): Markup {
  if (verdict === null) return html`<span class="wait">not judged</span>: ${unjudged ?? ""}`;
  const rows = all.map(
    ({ rule, status, reason }) =>
      html`<div><span class="${CLASSES[status]}">${status}</span> <code>${rule}</code> ${reason}</div>`,
  );
  return html`<div><b>${verdict}</b> <span class="quiet">under policy ${(policyDigest ?? "").slice(0, 12)}, keys and roles as of ${formatTime(judgedAt)} UTC</span></div>${rows}`;
}
