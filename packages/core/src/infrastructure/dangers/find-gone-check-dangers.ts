// SPDX-License-Identifier: Apache-2.0
import type { Danger } from "../resource.ts";
import { type AttributeChange, type ChangeView, describe, formatChange } from "./change-view.ts";

/** Commands and actions that stop a build where something is not as it should be. */
const CHECKS =
  /\bcosign\s+verify[\w-]*|\bgh\s+attestation\s+verify|\bslsa-verifier|\bnotation\s+verify|\bgpgv?\s+(?:--\S+\s+)*--verify|\bgpgv\b|\bminisign\s+-V|\bsha(?:256|512)sum\s+(?:-\w+\s+)*(?:-c|--check|--strict)|\bshasum\s[^\n|]{0,40}-c\b|\bsha256sum\s+-c|\b(?:trivy|grype|snyk|checkov|tfsec|terrascan|kics|semgrep|gitleaks|trufflehog|conftest|kubeconform|kube-score|kube-linter|kubesec|hadolint|bandit|govulncheck|osv-scanner|pip-audit|bundler-audit|gosec|brakeman|tflint|zizmor|actionlint|dockle|opa)\s+\S|\b(?:npm|pnpm|yarn)\s+audit|\b(?:codeql-action\/analyze|dependency-review-action|trivy-action|scan-action|harden-runner|checkov-action|gitleaks-action|semgrep-action|kics-github-action|snyk\/actions\/\S+)/;
/** Names under which pipelines say for which branches something runs. */
const BRANCHES =
  /(?:^|\.)(?:branches(?:\.(?:only|include))?|branch|only|only\.refs|filters\.branches\.only|trigger\.branch)$/;
const EVERY_BRANCH = /^(?:\*{1,2}|\/\.\*\/|\.\*)$/;
/** What a pipeline does that is no test. */
const DELIVERS =
  /deploy|publish|releas|promot|\bprod|terraform\s+apply|pulumi\s+up|kubectl\s+apply|helm\s+upgrade|docker\s+push|npm\s+publish|twine\s+upload/i;
/** Steps at which a person says yes. */
const GATES = /(?:^|\.)(?:block|manual_intervention|approval_stage|require_manual_approval)$/;
const GATE_TASKS =
  /^(?:ManualValidation|ManualIntervention|ServerManualValidation)@\d|^(?:approval|Approval)$|^trstringer\/manual-approval@/;

/** Checks, branches and people that stood between a change and what it reaches. */
export function findGoneCheckDangers(view: ChangeView): readonly Danger[] {
  if (view.isCreated || view.isDeleted) return [];
  const kind = view.pair.after?.kind;
  const gates = findGoneGates(view);
  if (kind === "ansible")
    return describe(
      "untrusted-code",
      "takes whatever version is newest:",
      /(?:^|\.)(?:pip|npm|yarn|shell|command)$/.test(view.type) ? findUnlocked(view) : [],
    );
  if (kind !== "workflow" && kind !== "dockerfile") return /pipeline/.test(view.type) ? gates : [];
  const code = kind === "workflow" ? "protection-off" : "untrusted-code";
  return [
    ...describe(code, "no longer checks:", findGoneChecks(view)),
    ...describe("untrusted-code", "takes whatever version is newest:", findUnlocked(view)),
    ...(kind === "workflow"
      ? describe(
          "protection-off",
          "runs for any branch:",
          view.changes.filter((change) => isUnbranched(view, change)).map(formatChange),
        )
      : []),
    ...gates,
  ];
}

/** What holds an installation to what was locked, or to the digests of it. */
const LOCKS =
  /--require-hashes\b|--frozen-lockfile\b|--immutable\b|\bnpm ci\b|--locked\b|--frozen\b|-mod=readonly\b/;
const INSTALLS = /\b(?:pip3?|uv|npm|yarn|pnpm|cargo|poetry|go|bundle)\b/;

function findUnlocked(view: ChangeView): readonly string[] {
  const { before, after } = view;
  const locks = (side: ChangeView["before"]) =>
    side.flatMap(({ text }) => LOCKS.exec(text.slice(0, 20_000))?.[0] ?? []);
  const old = locks(before);
  const isStill = ({ pair: { after: side } }: ChangeView) =>
    side?.kind === "ansible" || after.some(({ text }) => INSTALLS.test(text));
  return old.length > 0 && isStill(view) && locks(after).length === 0 ? old : [];
}

/** A check that is written otherwise is there all the same. */
function findGoneChecks({ before, after }: ChangeView): readonly string[] {
  const checks = (side: ChangeView["before"]) =>
    side.flatMap(({ text }) =>
      text
        .slice(0, 20_000)
        .split("\n")
        .filter((line) => !/^\s*#/.test(line))
        .flatMap((line) => CHECKS.exec(line)?.[0] ?? []),
    );
  const word = (check: string) => check.split(/[\s@]/).slice(0, 1).join();
  const known = new Set(checks(after).map(word));
  return checks(before).filter((check) => !known.has(word(check)));
}

function isUnbranched(view: ChangeView, { path, before, after }: AttributeChange): boolean {
  if (!BRANCHES.test(path) || /ignore|except/.test(path) || before.length === 0) return false;
  // Which pull requests are tested is another question than what is delivered.
  if (/pull_request(?!_target)|merge_request|(?:^|\.)pr(?:\.|$)/.test(path)) return false;
  const isEvery =
    after.length === 0 ||
    (after.some((text) => EVERY_BRANCH.test(text)) && !before.some((text) => EVERY_BRANCH.test(text)));
  return (
    isEvery &&
    view.after.some(
      ({ text, path: own }) =>
        DELIVERS.test(text.slice(0, 20_000)) || /(?:^|\.)environment(?:\.|$)/.test(own) || DELIVERS.test(own),
    )
  );
}

function findGoneGates({ before, after }: ChangeView): readonly Danger[] {
  const gates = (side: ChangeView["before"]) =>
    side.filter(
      ({ path, name, text }) =>
        GATES.test(path) ||
        (name === "trigger" && text === "manual") ||
        (/^(?:type|task|uses|category)$/.test(name) && GATE_TASKS.test(text)),
    );
  const [old, now] = [gates(before), gates(after)];
  return now.length < old.length
    ? describe(
        "protection-off",
        "no longer waits for",
        old.map(({ text }) => text),
      )
    : [];
}
