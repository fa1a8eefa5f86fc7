// SPDX-License-Identifier: Apache-2.0
import { formatCanonicalJson, parseRefName, type Sha256, sha256Hex, toUtf8 } from "../ids/index.ts";
import { buildClasses } from "./build-classes.ts";
import { type BuildContext, createBuildContext } from "./build-context.ts";
import { buildEnvironments } from "./build-environments.ts";
import { buildDuration } from "./build-interval.ts";
import { buildLedger } from "./build-ledger.ts";
import { buildMachines } from "./build-machines.ts";
import { buildPeople } from "./build-people.ts";
import { buildRoles, checkSignOffRole } from "./build-roles.ts";
import { buildRules, type Known, type RuleOrigin } from "./build-rules.ts";
import { buildTests } from "./build-tests.ts";
import type { BreakGlass, Policy } from "./policy.ts";
import { PolicyError } from "./policy-error.ts";
import { DEFAULT_LIMITS, type ProfileName } from "./policy-names.ts";
import { PROFILES } from "./profiles/index.ts";
import { type PolicyFile, policyFileSchema } from "./schema.ts";
import { checkPolicyShape } from "./schema-issues.ts";
import { parseYamlSource, type YamlSource } from "./yaml-source.ts";

/**
 * Reads a policy file, with the profile it extends. Throws PolicyError with every mistake found; a caller that gets
 * one has no policy, and no policy never means "allow" (T29).
 */
export function parsePolicy(bytes: Uint8Array | string, fileName: string): Policy {
  const source = parseYamlSource(bytes, fileName);
  const shape = checkPolicyShape(source);
  if ("issues" in shape) throw new PolicyError(fileName, shape.issues);
  const profile = shape.file.extends === undefined ? undefined : readProfile(shape.file.extends);
  const context = createBuildContext(mergeProfile(shape.file, profile?.file), source);
  const policy = buildPolicy(
    context,
    digestOf(bytes, profile?.text),
    ruleOrigins(shape.file, source, profile?.file),
  );
  if (context.issues.length > 0) {
    const issues = [...context.issues].sort((a, b) => a.line - b.line || a.column - b.column);
    throw new PolicyError(fileName, issues);
  }
  return policy;
}

/** Text of a profile that ships with the tool, for those who want to start from it. */
export function getProfileText(name: ProfileName): string {
  return PROFILES[name];
}

function readProfile(name: ProfileName): { readonly file: PolicyFile; readonly text: string } {
  const text = PROFILES[name];
  return { file: policyFileSchema.parse(parseYamlSource(text, `${name}.yml`).value), text };
}

/** The file's own scalars win; classes and roles merge by name, the file's winning; rules and tests are concatenated. */
function mergeProfile(file: PolicyFile, profile: PolicyFile | undefined): PolicyFile {
  if (profile === undefined) return file;
  return {
    ...profile,
    ...file,
    people: { ...profile.people, ...file.people },
    roles: { ...profile.roles, ...file.roles },
    classes: { ...profile.classes, ...file.classes },
    rules: [...(profile.rules ?? []), ...(file.rules ?? [])],
    tests: file.tests ?? [],
  };
}

function ruleOrigins(
  file: PolicyFile,
  source: YamlSource,
  profile: PolicyFile | undefined,
): readonly RuleOrigin[] {
  const asker = `the profile "${file.extends}" asks for it: `;
  const inherited = (profile?.rules ?? []).map(
    (rule): RuleOrigin => ({ file: rule, path: ["extends"], position: null, asker }),
  );
  const own = (file.rules ?? []).map((rule, i): RuleOrigin => {
    const path = ["rules", i];
    return { file: rule, path, position: source.positionOf(path), asker: "" };
  });
  return [...inherited, ...own];
}

/** SHA-256 of the file, or of file and profile together: a newer tool with another profile is another policy (T28). */
function digestOf(bytes: Uint8Array | string, profile: string | undefined): Sha256 {
  const file = sha256Hex(typeof bytes === "string" ? toUtf8(bytes) : bytes);
  if (profile === undefined) return file;
  return sha256Hex(toUtf8(formatCanonicalJson({ file, profile: sha256Hex(toUtf8(profile)) })));
}

function buildPolicy(context: BuildContext, digest: Sha256, origins: readonly RuleOrigin[]): Policy {
  const { file } = context;
  const people = buildPeople(context);
  const roles = buildRoles(context, people);
  const known: Known = { people, roles, classes: buildClasses(context) };
  return {
    version: 1,
    digest,
    repository: file.repository ?? "",
    targets: buildTargets(context),
    ...known,
    rules: buildRules(context, origins, known),
    signalled: file.signalled ?? "deny",
    unknown: file.unknown ?? "allow",
    undeclared: file.undeclared ?? "warn",
    unknownAuthor: file.unknownAuthor ?? "extra",
    enforcement: file.enforcement ?? "hard",
    breakGlass: buildBreakGlass(context, known),
    policyChange: buildPolicyChange(context, known),
    machines: buildMachines(context, people),
    environments: buildEnvironments(context),
    ledger: buildLedger(context),
    emission: file.emission ?? "ai-assisted",
    limits: { ...DEFAULT_LIMITS, ...definedOnly(file.limits ?? {}) },
    tests: buildTests(context, known),
  };
}

function definedOnly(limits: NonNullable<PolicyFile["limits"]>): Partial<Policy["limits"]> {
  return Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
}

/** Full refs or globs of full refs: a bare `main` could be a tag (T31). */
function buildTargets(context: BuildContext): readonly string[] {
  const targets = context.file.targets ?? [];
  for (const [i, target] of targets.entries()) {
    try {
      parseRefName(target.replaceAll("*", "x"));
    } catch {
      const example = /^(?!refs\/)[\w/*-]+$/.test(target)
        ? `refs/heads/${target.replace(/^\/|^heads\//, "")}`
        : "refs/heads/main";
      context.fail(
        ["targets", i],
        `"${target.slice(0, 80)}" is not a full ref`,
        "a full ref, `*` allowed",
        example,
      );
    }
  }
  return targets;
}

function buildBreakGlass(context: BuildContext, known: Known): BreakGlass | null {
  const file = context.file.breakGlass;
  if (file === undefined) return null;
  const path = ["breakGlass"];
  checkSignOffRole(context, file.role, [...path, "role"], known);
  return {
    role: file.role,
    count: file.count ?? 1,
    expires: buildDuration(context, file.expires, [...path, "expires"]) ?? 0,
    postReview: buildDuration(context, file.postReview, [...path, "postReview"]) ?? 0,
  };
}

function buildPolicyChange(context: BuildContext, known: Known): Policy["policyChange"] {
  const file = context.file.policyChange;
  if (file === undefined) return null;
  checkSignOffRole(context, file.role, ["policyChange", "role"], known);
  return { role: file.role, count: file.count ?? 1 };
}
