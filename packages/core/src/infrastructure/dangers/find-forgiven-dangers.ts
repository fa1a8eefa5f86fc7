// SPDX-License-Identifier: Apache-2.0
import { type ConfigurationValue, objectsIn, textsOf } from "../configuration-value.ts";
import type { Danger } from "../resource.ts";
import { type Attribute, type ChangeView, describe } from "./change-view.ts";

/** Programs that stop a build where something is wrong. */
const CHECKERS =
  /\b(?:trivy|grype|snyk|semgrep|gitleaks|trufflehog|checkov|tfsec|tflint|terrascan|kics|conftest|kubeconform|kube-score|kubesec|hadolint|bandit|gosec|govulncheck|pip-audit|npm audit|yarn audit|pnpm audit|cargo audit|cosign verify|gh attestation verify|slsa-verifier|gpgv?\s+--verify|sha(?:256|512)sum|detect-secrets|opa test|pytest|go test|cargo test|mvn (?:test|verify)|npm (?:run )?test|yarn test|make (?:test|check|lint)|gradlew? (?:test|check)|terraform (?:validate|plan)|ansible-lint)\b/;
const FORGIVEN =
  /\|\|\s*(?:true|:|exit 0|echo\b|\/bin\/true)|;\s*(?:true|exit 0)\s*["']?$|--exit-code[= ]0\b|--soft-fail\b|--exit-zero\b|--no-fail\b|\bcatch_?error\b|returnStatus:\s*true|\bset \+e\b/;

/** Checks that fail and stop nothing. */
export function findForgivenDangers(view: ChangeView): readonly Danger[] {
  const kind = view.pair.after?.kind;
  if (view.isCreated || view.isDeleted) return [];
  if (kind === "ansible") return findForgivenTask(view);
  if (kind !== "workflow" && kind !== "dockerfile") return [];
  const known = forgivenIn(view.before);
  const fresh = forgivenIn(view.after).filter((line) => !known.includes(line));
  return fresh.length > 0 && fresh.length + known.length > 0 && forgivenIn(view.after).length > known.length
    ? describe("protection-off", "may fail without stopping anything:", fresh)
    : [];
}

function forgivenIn(side: readonly Attribute[]): readonly string[] {
  return side
    .flatMap(({ name, text }) => `${name} ${text}`.slice(0, 20_000).split(/\n|&&/))
    .filter((line) => line.length < 2000 && CHECKERS.test(line) && FORGIVEN.test(line));
}

const IGNORES = /^(?:ignore_errors|failed_when)$/;
const VERIFIES = /\b(?:verif\w*|validat\w*|checksum|signature|assert\w*|scan\w*|audit\w*)\b/i;

/** A task that verifies something, and whose failure is ignored. */
function findForgivenTask({ pair, changes }: ChangeView): readonly Danger[] {
  const ignored = changes.filter(
    ({ name, before, after }) =>
      IGNORES.test(name) &&
      after.includes(name === "failed_when" ? "false" : "true") &&
      before.join() !== after.join(),
  );
  const body = pair.after?.body;
  const texts = body === undefined ? [] : [pair.after?.name ?? "", ...namedTexts(body)];
  return ignored.length > 0 && texts.some((text) => CHECKERS.test(text) || VERIFIES.test(text))
    ? describe("protection-off", "may fail without stopping anything:", [pair.after?.name ?? ""])
    : [];
}

const namedTexts = (body: ConfigurationValue) =>
  objectsIn(body)
    .flatMap((each) => textsOf(each))
    .slice(0, 200);
