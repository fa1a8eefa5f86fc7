// SPDX-License-Identifier: Apache-2.0
import type { RepoPath } from "../ids/index.ts";
import { parseAnsible } from "./kinds/ansible.ts";
import { parseCloudFormation } from "./kinds/cloudformation.ts";
import { parseDockerfile } from "./kinds/dockerfile.ts";
import { parseHelmChart, parseHelmValues } from "./kinds/helm.ts";
import { parseIamPolicy } from "./kinds/iam-policy.ts";
import { parseJenkinsfile } from "./kinds/jenkinsfile.ts";
import { parseKubernetes } from "./kinds/kubernetes.ts";
import { parsePulumiProject, parsePulumiStack } from "./kinds/pulumi.ts";
import { parsePulumiProgram } from "./kinds/pulumi-program.ts";
import { parseTerraform, parseTerraformJson, parseTfvars, parseTfvarsJson } from "./kinds/terraform.ts";
import { parseWholeFile } from "./kinds/whole-file.ts";
import type { InfrastructureKind, ParsedConfiguration } from "./resource.ts";

/** What a file is to the tool that applies it. */
export interface RecognizedFile {
  readonly kind: InfrastructureKind;
  /** `Terraform`, for people. */
  readonly what: string;
  /** False where the tool does not read files of this name; another file may all the same (T41). */
  readonly isApplied: boolean;
  readonly parse: (text: string, path: RepoPath) => ParsedConfiguration;
}

interface NameRule {
  readonly pattern: RegExp;
  readonly file: RecognizedFile;
}

const named = (
  pattern: RegExp,
  kind: InfrastructureKind,
  what: string,
  parse: RecognizedFile["parse"],
): NameRule => ({ pattern, file: { kind, what, isApplied: true, parse } });

const WORKFLOWS: readonly RegExp[] = [
  /(?:^|\/)\.(?:github|gitea|forgejo)\/(?:workflows)\/[^/]+\.ya?ml$/,
  /(?:^|\/)action\.ya?ml$/,
  /(?:^|[/.])gitlab-ci\.ya?ml$/,
  /(?:^|\/)azure-pipelines[^/]*\.ya?ml$/,
  /(?:^|\/)\.circleci\/[^/]+\.ya?ml$/,
  /(?:^|\/)\.(?:woodpecker|buildkite|tekton)\/[^/]+\.ya?ml$/,
  /(?:^|\/)(?:bitbucket-pipelines|\.travis|\.drone|buildspec|cloudbuild|appveyor|\.woodpecker)\.ya?ml$/,
];

/** `build.Dockerfile.prod`, `Dockerfile-ci`; what speaks of such files, or is read by something else, is none. */
const VARIANT =
  /^(?!.*\.(?:mdx?|rst|adoc|txt|[cm]?[jt]sx?|go|py|rb|rs|java|kt|cs|php|html?|snap|lock|ya?ml|json|toml|sh|dockerignore)$)(?:.*[/._-])?(?:dockerfile|containerfile)(?:[._-][^/]*)?$/;

/** By the name alone, in small letters: what a tool reads whatever it holds. */
const NAMES: readonly NameRule[] = [
  named(/\.(?:tf|tofu)\.json$/, "terraform", "Terraform", parseTerraformJson),
  named(/\.tfvars\.json$/, "terraform", "Terraform values", parseTfvarsJson),
  named(/\.tfvars$/, "terraform", "Terraform values", parseTfvars),
  named(/\.(?:tf|tofu|hcl)$/, "terraform", "Terraform", parseTerraform),
  named(
    /(?:^|\/)(?:dockerfile|containerfile)(?:\.(?!dockerignore$)[^/]*)?$|\.(?:dockerfile|containerfile)$/,
    "dockerfile",
    "a Dockerfile",
    parseDockerfile,
  ),
  named(VARIANT, "dockerfile", "a Dockerfile", parseDockerfile),
  named(/(?:^|\/)jenkinsfile(?:\.[^/]*)?$|\.jenkinsfile$/, "workflow", "a Jenkinsfile", parseJenkinsfile),
  ...WORKFLOWS.map((pattern) =>
    named(pattern, "workflow", "a workflow", parseWholeFile("workflow", "workflow")),
  ),
  named(
    /(?:^|\/)kustomization(?:\.ya?ml)?$/,
    "kustomize",
    "a kustomization",
    parseWholeFile("kustomize", "Kustomization", { hasNested: true }),
  ),
  named(/(?:^|\/)chart\.ya?ml$/, "helm", "a Helm chart", parseHelmChart),
  named(/(?:^|\/)values(?:[-._][^/]*)?\.ya?ml$/, "helm", "values of a chart", parseHelmValues),
  named(/(?:^|\/)pulumi\.ya?ml$/, "pulumi", "a Pulumi project", parsePulumiProject),
  named(/(?:^|\/)pulumi\.[^/]+\.ya?ml$/, "pulumi", "a Pulumi stack", parsePulumiStack),
  named(
    /(?:^|\/)(?:group|host)_vars\/.+\.(?:ya?ml|json)$|(?:^|\/)roles\/[^/]+\/(?:vars|defaults)\/[^/]+\.ya?ml$/,
    "ansible",
    "Ansible variables",
    parseWholeFile("ansible", "vars"),
  ),
  named(
    /(?:^|\/)roles\/[^/]+\/(?:tasks|handlers)\/[^/]+\.ya?ml$|(?:^|\/)playbooks\/[^/]+\.ya?ml$/,
    "ansible",
    "Ansible tasks",
    parseAnsible,
  ),
];

const TERRAFORM_ELSEWHERE =
  /^[ \t]{0,40}(?:resource|data)[ \t]{1,20}"[a-z0-9_-]{1,100}"[ \t]{1,20}"[^"\n]{1,200}"[ \t]{0,20}\{|^[ \t]{0,40}(?:provider|module|variable)[ \t]{1,20}"[^"\n]{1,200}"[ \t]{0,20}\{/m;
const TERRAFORM_JSON_ELSEWHERE =
  /"(?:resource|data)"[ \t]{0,20}:[ \t]{0,20}\{\s{0,40}"[a-z0-9]{1,40}_[a-z0-9_]{1,100}"/;
/** A policy as `gcloud … set-iam-policy` takes it, and a role as Azure does. */
const BINDINGS = /["']?bindings["']?[ \t]{0,20}:/;
const BOUND_ROLE = /["']?role["']?[ \t]{0,20}:[ \t]{0,20}["']?(?:roles|projects|organizations)\//;
const SCOPES = /["'](?:AssignableScopes|assignableScopes)["'][ \t]{0,20}:/;
const STATEMENT = /"Effect"[ \t]{0,20}:[ \t]{0,20}"(?:Allow|Deny)"/i;

/** Read by Terraform, and applied nowhere that lasts: which providers were chosen, and tests of a module. */
const NOT_APPLIED = /(?:^|\/)\.terraform\.lock\.hcl$|\.(?:tftest|tofutest)\.(?:hcl|json)$/;

/** What a file is by its name, else by what it holds; null for what no tool here applies. Linear in the text. */
export function recognizeFile(path: RepoPath, text: string): RecognizedFile | null {
  if (NOT_APPLIED.test(path.toLowerCase())) return null;
  return recognizeName(path) ?? recognizeContent(path, text);
}

/** By the name alone, in whatever case: file systems differ in whether `MAIN.TF` is `main.tf` (T43). */
export function recognizeName(path: RepoPath): RecognizedFile | null {
  const name = path.toLowerCase();
  if (NOT_APPLIED.test(name)) return null;
  return NAMES.find(({ pattern }) => pattern.test(name))?.file ?? null;
}

/** A program is told by what it imports; what it constructs are resources. */
const PROGRAM = /\.(?:[cm]?[jt]s|tsx|py|go)$/i;
const PULUMI =
  /(?:from|require\()[ \t]{0,20}["']@pulumi\/|^[ \t]{0,40}(?:import|from)[ \t]{1,20}pulumi(?:_[a-z_]{1,40})?\b|github\.com\/pulumi\/pulumi/m;

const DATA = /\.(?:ya?ml|json|tpl|template)$/i;
/**
 * A key of YAML or JSON, wherever a key may stand: on a line of its own, after `? `, in a list, or in a map on one line. A value that a
 * kind is told by is a pattern.
 */
const key = (name: string, value = "") =>
  new RegExp(
    `(?:^|[{,?-])[ \\t]{0,20}["']?(?:${name})["']?\\s{0,40}:${value === "" ? "" : `\\s{0,40}["']?${value}`}`,
    "m",
  );
const KUBERNETES = key("apiVersion", "[\\w./-]{1,200}");
const KUBERNETES_KIND = key("kind", "[A-Z]\\w{1,100}");
/** A kind may begin with a small letter where its group is somebody's own: `acid.zalan.do/v1`, `postgresql`. */
const CUSTOM = key("apiVersion", "[\\w-]{1,60}(?:\\.[\\w-]{1,60}){1,6}/v\\d\\w{0,20}");
const CUSTOM_KIND = key("kind", "[a-z]\\w{1,100}");
const CLOUDFORMATION = key("AWSTemplateFormatVersion|Transform");
const CLOUDFORMATION_TYPE = key("Type", "(?:AWS|Alexa|Custom)::");
const RESOURCES = key("Resources");
const PLAY =
  /^[ \t]{0,2}-[ \t]{1,4}(?:\w{1,40}:[^\n]{0,300}\n(?:[ \t]{1,40}[^\s][^\n]{0,300}\n){0,20}?[ \t]{1,8})?(?:hosts|import_playbook|ansible\.builtin\.import_playbook)[ \t]{0,4}:/m;
const ENVOY = key("static_resources|dynamic_resources");

const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2}))/g;

/** `"api\u0056ersion"` is that key to whoever applies it. */
function withoutEscapes(text: string): string {
  if (!text.includes("\\u") && !text.includes("\\x")) return text;
  return text.replace(ESCAPE, (_, long: string | undefined, short: string | undefined) =>
    String.fromCharCode(Number.parseInt(long ?? short ?? "", 16)),
  );
}

/** Tools that read data are told by what it holds, since people name such files as they like. */
function recognizeData(path: RepoPath, source: string): RecognizedFile | null {
  const text = withoutEscapes(source);
  const isApplied = DATA.test(path);
  const found = (kind: InfrastructureKind, what: string, parse: RecognizedFile["parse"]) => ({
    kind,
    what,
    isApplied,
    parse,
  });
  if (RESOURCES.test(text) && (CLOUDFORMATION.test(text) || CLOUDFORMATION_TYPE.test(text)))
    return found("cloudformation", "CloudFormation", parseCloudFormation);
  if (KUBERNETES.test(text) && (KUBERNETES_KIND.test(text) || (CUSTOM.test(text) && CUSTOM_KIND.test(text))))
    return found("kubernetes", "Kubernetes", parseKubernetes);
  if (!isApplied) return null;
  if (BINDINGS.test(text) && BOUND_ROLE.test(text))
    return found("iam-policy", "an IAM policy", parseWholeFile("iam-policy", "policy"));
  if (SCOPES.test(text))
    return found("iam-policy", "a role of Azure", parseWholeFile("iam-policy", "policy"));
  if (PLAY.test(text)) return found("ansible", "an Ansible playbook", parseAnsible);
  if (ENVOY.test(text)) return found("mesh", "a configuration of Envoy", parseWholeFile("mesh", "Envoy"));
  return null;
}

function recognizeContent(path: RepoPath, text: string): RecognizedFile | null {
  if (TERRAFORM_ELSEWHERE.test(text))
    return { kind: "terraform", what: "Terraform", isApplied: false, parse: parseTerraform };
  if (TERRAFORM_JSON_ELSEWHERE.test(text))
    return { kind: "terraform", what: "Terraform", isApplied: false, parse: parseTerraformJson };
  if (PROGRAM.test(path) && PULUMI.test(text))
    return { kind: "pulumi", what: "a Pulumi program", isApplied: true, parse: parsePulumiProgram };
  const data = recognizeData(path, text);
  if (data !== null) return data;
  if (STATEMENT.test(text) && /^\s*[{[]/.test(text))
    return { kind: "iam-policy", what: "an IAM policy", isApplied: true, parse: parseIamPolicy };
  return null;
}
