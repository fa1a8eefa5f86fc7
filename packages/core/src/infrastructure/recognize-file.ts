// SPDX-License-Identifier: Apache-2.0
import type { RepoPath } from "../ids/index.ts";
import { parseIamPolicy } from "./kinds/iam-policy.ts";
import { parseTerraform, parseTerraformJson, parseTfvars, parseTfvarsJson } from "./kinds/terraform.ts";
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

/** By the name alone, in small letters: what a tool reads whatever it holds. */
const NAMES: readonly NameRule[] = [
  named(/\.(?:tf|tofu)\.json$/, "terraform", "Terraform", parseTerraformJson),
  named(/\.tfvars\.json$/, "terraform", "Terraform values", parseTfvarsJson),
  named(/\.tfvars$/, "terraform", "Terraform values", parseTfvars),
  named(/\.(?:tf|tofu|hcl)$/, "terraform", "Terraform", parseTerraform),
];

const TERRAFORM_ELSEWHERE =
  /^[ \t]{0,40}(?:resource|data)[ \t]{1,20}"[a-z0-9_-]{1,100}"[ \t]{1,20}"[^"\n]{1,200}"[ \t]{0,20}\{|^[ \t]{0,40}(?:provider|module|variable)[ \t]{1,20}"[^"\n]{1,200}"[ \t]{0,20}\{/m;
const TERRAFORM_JSON_ELSEWHERE =
  /"(?:resource|data)"[ \t]{0,20}:[ \t]{0,20}\{\s{0,40}"[a-z0-9]{1,40}_[a-z0-9_]{1,100}"/;
const STATEMENT = /"Effect"[ \t]{0,20}:[ \t]{0,20}"(?:Allow|Deny)"/i;

/** What a file is by its name, else by what it holds; null for what no tool here applies. Linear in the text. */
export function recognizeFile(path: RepoPath, text: string): RecognizedFile | null {
  return recognizeName(path) ?? recognizeContent(text);
}

/** By the name alone, in whatever case: file systems differ in whether `MAIN.TF` is `main.tf` (T43). */
export function recognizeName(path: RepoPath): RecognizedFile | null {
  const name = path.toLowerCase();
  return NAMES.find(({ pattern }) => pattern.test(name))?.file ?? null;
}

function recognizeContent(text: string): RecognizedFile | null {
  if (TERRAFORM_ELSEWHERE.test(text))
    return { kind: "terraform", what: "Terraform", isApplied: false, parse: parseTerraform };
  if (TERRAFORM_JSON_ELSEWHERE.test(text))
    return { kind: "terraform", what: "Terraform", isApplied: false, parse: parseTerraformJson };
  if (STATEMENT.test(text) && /^\s*[{[]/.test(text))
    return { kind: "iam-policy", what: "an IAM policy", isApplied: true, parse: parseIamPolicy };
  return null;
}
