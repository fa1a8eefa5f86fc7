// SPDX-License-Identifier: Apache-2.0
import type { Danger } from "../resource.ts";
import {
  type Attribute,
  type AttributeChange,
  type ChangeView,
  describe,
  formatChange,
} from "./change-view.ts";

/** Where a person or another job has to say yes before a job runs. */
const GATES =
  /^(?:environment|needs|depends_on|requires|when|input|approval|approvals|manual|hold|protected|reviewers|if|condition)$/;
const WAITS = /manual|approval|hold|production|prod\b/i;
/** A failure that stops nobody. */
const TOLERATED = /^(?:allow_failure|continue_on_error|soft_fail)$/;
const UNASKED =
  /(?:^|\s)(?:-auto-approve|--auto-approve|--yes\b.*destroy|--force-with-lease|--no-verify|--skip-tests|-DskipTests)\b/;
const SELF_HOSTED = /^self-hosted$/;

/** What stands between a push and what it changes: permissions of the job's token, gates, and the machine that it runs on. */
export function findPipelineDangers(view: ChangeView): readonly Danger[] {
  if (/code_?pipeline/.test(view.type)) return findLostApprovals(view);
  if (view.pair.after?.kind !== "workflow") return [];
  const changes = view.isCreated ? [] : view.changes;
  const fresh = view.newTexts;
  const unasked = fresh.flatMap(({ text }) => UNASKED.exec(text)?.[0]?.trim() ?? []);
  return [
    ...describe(
      "privilege-widened",
      "its token may do more:",
      view.changes.filter((change) => isWritten(view, change)).map(formatChange),
    ),
    ...describe("protection-off", "no longer waits for", changes.filter(isUngated).map(formatLost)),
    ...describe(
      "protection-off",
      "may fail without stopping anything:",
      changes.filter(isTolerated).map(formatChange),
    ),
    ...describe("protection-off", "is no longer asked about:", unasked),
    ...describe("protection-off", "no longer checks with", view.isCreated ? [] : findLostChecks(view)),
    ...describe(
      "isolation-lost",
      "runs on a machine of one's own:",
      fresh.filter(isOwnMachine).map(({ text }) => text),
    ),
    ...describe("untrusted-code", "takes code that can change unseen:", [
      ...fresh.filter(isMovable).map(({ text }) => text),
      ...view.newAttributes.flatMap(({ path }) => MOVING_PLUGIN.exec(path)?.[1] ?? []),
    ]),
    ...describe(
      "untrusted-code",
      "no longer asks whether the code is this repository's:",
      changes.filter((change) => isUnguarded(view, change)).map(formatLost),
    ),
    ...describe(
      "isolation-lost",
      "runs in a container with the host's powers:",
      fresh.flatMap(({ text }) => HOST_POWERS.exec(text.slice(0, 20_000))?.[0] ?? []),
    ),
  ];
}

/** Programs that look for what is wrong, by the words that call them. */
const CHECKERS =
  /trivy|snyk|codeql|sonar|gitleaks|trufflehog|semgrep|checkov|tfsec|tflint|kics|grype|bandit|gosec|npm audit|pip-audit|dependency-review|dependency-check|harden-runner|cosign verify|slsa-verifier|conftest|kubesec|kube-score|terrascan|scorecard|hadolint|zizmor|detect-secrets|clair|anchore|govulncheck|cargo audit|(?:npm|yarn|pnpm) (?:run )?test|pytest|go test|mvn (?:test|verify)|gradlew? (?:test|check)|make (?:test|check|lint)/g;

function findLostChecks({ before, after }: ChangeView): readonly string[] {
  const calls = (side: readonly Attribute[]) =>
    new Set(side.flatMap(({ text }) => text.match(CHECKERS) ?? []));
  const now = calls(after);
  return [...calls(before)].filter((each) => !now.has(each));
}

/** A stage of CodePipeline in which a person says yes. */
function findLostApprovals(view: ChangeView): readonly Danger[] {
  const isApproval = (text: string) => text === "Approval";
  const lost = view.changes.filter(
    ({ name, before, after }) =>
      name === "category" && after.filter(isApproval).length < before.filter(isApproval).length,
  );
  return view.isDeleted ? [] : describe("protection-off", "no longer waits for", lost.map(formatLost));
}

function isWritten(view: ChangeView, { path, before, after }: AttributeChange): boolean {
  if (!/(?:^|\.)permissions(?:\.|$)/.test(path)) return false;
  const isWrite = (text: string) => /^(?:write|write-all)$/.test(text);
  if (after.some(isWrite)) return !before.some(isWrite) && !wasWholeWritten(view, path);
  // Without any the repository's default holds, which may be everything.
  return after.length === 0 && !view.after.some((other) => /(?:^|\.)permissions(?:\.|$)/.test(other.path));
}

/** A job without permissions of its own has those of the workflow, so what goes from there to the job is no more than it was. */
function wasWholeWritten({ before }: ChangeView, path: string): boolean {
  const [, job, scope] = /^(jobs\.[^.]+\.)permissions\.([^.]+)$/.exec(path) ?? [];
  if (job === undefined || before.some((each) => each.path.startsWith(`${job}permissions`))) return false;
  return (
    before.some((each) => each.path.startsWith(job)) &&
    before.some(
      (each) =>
        (each.path === `permissions.${scope}` && each.text === "write") ||
        (each.path === "permissions" && each.text === "write-all"),
    )
  );
}

function isUngated({ name, path, before, after }: AttributeChange): boolean {
  if (!GATES.test(name) && !/(?:^|\.)environment\.name$/.test(path)) return false;
  if (after.length > 0 && after.length >= before.length)
    return name === "when" && WAITS.test(before.join()) && !WAITS.test(after.join());
  if (name === "if" || name === "when" || name === "condition")
    return before.some(
      (text) => BOUND.test(text) || WAITS.test(text) || /always|success|ref/.test(text) === false,
    );
  return before.length > after.length;
}

/** A condition on where the code comes from. */
const BOUND =
  /github\.(?:ref|ref_name|repository|actor)\s*==|refs\/(?:heads|tags)\/|head\.repo\.(?:full_name|fork)|CI_COMMIT_(?:BRANCH|REF_PROTECTED|TAG)|Build\.SourceBranch/;

/** A condition on whose code or whose word it is. */
const OWN =
  /head\.repo\.(?:full_name|fork|owner)|author_association|head_repository|github\.actor\b|pull_request\.user\.login|labels\.\*\.name/;
const FOREIGN = /pull_request_target|workflow_run|issue_comment/;

/** What strangers start runs with this repository's secrets: the condition was the wall. */
function isUnguarded(view: ChangeView, { name, before, after }: AttributeChange): boolean {
  const isStarted = ({ path, text }: Attribute) =>
    /^(?:on|true)(?:\.|$)/.test(path) && FOREIGN.test(`${path} ${text}`);
  const guards = (texts: readonly string[]) => texts.filter((text) => OWN.test(text)).length;
  return name === "if" && guards(after) < guards(before) && view.after.some(isStarted);
}

function isTolerated({ name, before, after }: AttributeChange): boolean {
  return TOLERATED.test(name) && after.includes("true") && !before.includes("true");
}

function isOwnMachine({ path, text }: Attribute): boolean {
  return (
    /(?:^|\.)(?:runs_on|runs_on\.labels|agent|agents|tags|runner|pool)$/.test(path) && SELF_HOSTED.test(text)
  );
}

/** Options of `docker run` by which a container is no wall. */
const HOST_POWERS =
  /--privileged\b(?!=false)|--cap-add[ =](?:ALL|SYS_\w+|NET_ADMIN)\b|--(?:pid|net|network|ipc|userns|uts)[ =]host\b|(?:-v|--volume)[ =]?\/(?:var\/run\/docker\.sock|run\/docker\.sock|etc|root|proc|sys|dev)?:|--security-opt[ =](?:seccomp|apparmor)[=:]unconfined/;
/** A library or a repository of steps by the name of a branch. */
const LIBRARY =
  /(?:@Library|\blibrary)\b[^'"\n]{0,40}['"][\w./-]+@(?:main|master|develop|dev|trunk|HEAD|latest)['"]/;

/** Of Buildkite, where a plugin is a key. */
const MOVING_PLUGIN = /(?:^|\.)plugins\.([^#]{1,100}#(?:main|master|develop|head|latest))\b/;

/** An orb, a remote file or another project's, under a name that is moved. */
function isMovable({ path, text }: Attribute): boolean {
  if (
    LIBRARY.test(text.slice(0, 2000)) ||
    (/(?:^|\.)plugins$/.test(path) && /#(?:main|master|develop|head|latest)$/i.test(text))
  )
    return true;
  if (/(?:^|\.)resources\.repositories\.ref$/.test(path)) return /^refs\/heads\//.test(text);
  if (/(?:^|\.)orbs\./.test(path)) return /@(?:volatile|dev:|\d+$)/.test(text);
  if (/(?:^|\.)include(?:\.remote)?$/.test(path)) return /^https?:\/\//.test(text);
  return /(?:^|\.)include\.ref$/.test(path) && !/^(?:v?\d|[0-9a-f]{40}$)/.test(text);
}

function formatLost({ path, before, after }: AttributeChange): string {
  return `${path} ${before.filter((text) => !after.includes(text)).join(", ")}`;
}
