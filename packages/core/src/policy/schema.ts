// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { EMISSIONS, PROFILE_NAMES } from "./policy-names.ts";
import { ledger } from "./schema-ledger.ts";
import { environment, machine } from "./schema-machines.ts";
import { choice, count, duration, expression, id, interval, names, text } from "./schema-parts.ts";

const keyText = text(8192).meta({
  description: "a public key as in authorized_keys",
  examples: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA… senior@acme.example"],
});
const keyObject = z.strictObject({ key: keyText, ...interval }).meta({
  description: "a public key with the time in which it is valid",
  examples: [{ key: "ssh-ed25519 AAAA…", until: "2026-12-31" }],
});
const login = z
  .union([text(100), names("logins", "senior-a")])
  .meta({ description: "a login or a list of logins", examples: ["senior-a"] });

const person = z
  .strictObject({
    emails: z
      .array(text(320))
      .max(100)
      .meta({
        description: "every e-mail address this person commits with",
        examples: [["senior@acme.example"]],
      })
      .optional(),
    github: login.optional(),
    gitlab: login.optional(),
    login: login.optional(),
    keys: z
      .array(z.union([keyText, keyObject]))
      .max(100)
      .meta({ description: "SSH public keys", examples: [["ssh-ed25519 AAAA…"]] })
      .optional(),
    kind: choice(["human", "bot", "agent"], "human", "who this is; only humans sign off").optional(),
    ...interval,
  })
  .meta({
    description: "a person with everything that maps to them",
    examples: ["{ emails: [senior@acme.example], github: senior-a }"],
  });

const memberObject = z.strictObject({ person: id, ...interval }).meta({
  description: "a member with the time of membership",
  examples: [{ person: "senior-a", from: "2026-01-01" }],
});
const role = z
  .strictObject({
    members: z
      .array(z.union([id, memberObject]))
      .min(1)
      .max(1000)
      .meta({ description: "ids of people", examples: [["senior-a", "senior-b"]] }),
    ...interval,
  })
  .meta({ description: "a role with its members", examples: ["{ members: [senior-a, senior-b] }"] });

const classDefinition = z
  .strictObject({
    paths: z
      .array(text(1024))
      .max(1000)
      .meta({ description: "globs of repository paths", examples: [["**/*.tf", "deploy/**"]] })
      .optional(),
    content: z
      .array(text(100))
      .max(100)
      .meta({ description: "names of content detectors", examples: [["terraform", "iam"]] })
      .optional(),
  })
  .meta({
    description: "what belongs to the class, by path or content",
    examples: ['{ paths: ["**/*.tf"], content: [terraform] }'],
  });

const carryOver = z
  .union([
    z.enum(["always", "never"]),
    z.string().regex(/^unless: ?[a-z0-9][a-z0-9._-]*$/),
    z.strictObject({ unless: id }),
  ])
  .meta({
    description: "whether a sign-off survives a clean rebase: always, never, or { unless: class }",
    examples: ["{ unless: infrastructure }"],
  });

const requirement = z
  .strictObject({
    role: id,
    count: count.optional(),
    maxAge: duration.optional(),
    minReviewTime: duration.optional(),
    carryOver: carryOver.optional(),
    keys: choice(["any", "sk"], "sk", "which keys count (sk: hardware keys that were touched)").optional(),
  })
  .meta({ description: "which sign-offs are asked for", examples: ["{ role: senior, count: 2 }"] });

const rule = z
  .strictObject({
    id,
    description: text(1000).optional(),
    when: expression.optional(),
    forEach: z
      .enum(["change", "commit"])
      .meta({ description: "what the rule looks at: change or commit", examples: ["commit"] })
      .optional(),
    require: requirement.optional(),
    deny: text(1000)
      .meta({
        description: "the message of the denial",
        examples: ["this project takes no AI-assisted changes"],
      })
      .optional(),
    assert: expression
      .meta({ description: "a CEL expression that must hold", examples: ["commit.signedOffByAuthor"] })
      .optional(),
    message: text(1000)
      .meta({
        description: "what to tell people when `assert` does not hold",
        examples: ["add a Signed-off-by"],
      })
      .optional(),
  })
  .meta({
    description: "a rule: `when`, and exactly one of `require`, `deny`, `assert` with `message`",
    examples: ["{ id: ai-senior-sign-off, when: change.ai.assisted, require: { role: senior } }"],
  });

const policyTest = z
  .strictObject({
    name: text(300),
    change: z
      .record(z.string(), z.unknown())
      .meta({
        description: "facts about the change that differ from an empty one",
        examples: ["{ ai: { assisted: true } }"],
      })
      .optional(),
    signOffs: z
      .record(id, z.number().int().min(0).max(100))
      .meta({ description: "how many valid sign-offs by role", examples: ["{ senior: 1 }"] })
      .optional(),
    expect: choice(["pass", "pending", "denied"], "pending", "the verdict"),
  })
  .meta({
    description: "a test of this policy",
    examples: ["{ name: an AI change waits, change: { ai: { assisted: true } }, expect: pending }"],
  });

const limit = (max: number, example: number) =>
  z
    .number()
    .int()
    .min(1)
    .max(max)
    .meta({ description: `a whole number from 1 to ${max}`, examples: [example] });
const answer = (about: string) => choice(["deny", "warn", "allow"], "deny", about);

/** The closed schema of `.countersign/policy.yml` as written; each `meta` also feeds error messages and editors. */
export const policyFileSchema = z
  .strictObject({
    version: z.literal(1).meta({ description: "the version of the policy format: 1", examples: [1] }),
    description: text(2000).optional(),
    repository: z
      .string()
      .regex(/^[A-Za-z][A-Za-z0-9+.-]*:[^\s]{1,2000}$/)
      .meta({ description: "a URI that names the repository", examples: ["https://git.acme.example/shop"] })
      .optional(),
    targets: z
      .array(text(500))
      .min(1)
      .max(100)
      .meta({
        description: "full refs, or globs of full refs",
        examples: [["refs/heads/main", "refs/heads/release/*"]],
      })
      .optional(),
    extends: choice(PROFILE_NAMES, "amazon", "a profile that ships with the tool").optional(),
    people: z
      .record(id, person)
      .meta({ description: "people by id", examples: ["{ senior-a: { emails: [senior@acme.example] } }"] })
      .optional(),
    roles: z
      .record(id, role)
      .meta({ description: "roles by id", examples: ["{ senior: { members: [senior-a] } }"] })
      .optional(),
    classes: z
      .record(id, classDefinition)
      .meta({
        description: "classes of files by id",
        examples: ['{ infrastructure: { paths: ["**/*.tf"] } }'],
      })
      .optional(),
    rules: z
      .array(rule)
      .max(500)
      .meta({
        description: "a list of rules",
        examples: ["[ { id: ai-senior-sign-off, when: change.ai.assisted, require: { role: senior } } ]"],
      })
      .optional(),
    signalled: answer("what signs of AI without a declaration do").optional(),
    unknown: answer("what commits without any evidence do").optional(),
    undeclared: answer("what commits do that are recorded as AI-assisted and do not say so").optional(),
    unknownAuthor: choice(
      ["deny", "extra", "allow"],
      "extra",
      "what an author who maps to nobody does",
    ).optional(),
    enforcement: choice(["hard", "soft", "warn"], "hard", "how strictly the verdict binds").optional(),
    breakGlass: z
      .strictObject({ role: id, count: count.optional(), expires: duration, postReview: duration })
      .meta({
        description: "who may override in an emergency",
        examples: ["{ role: incident-commander, count: 2, expires: 24h, postReview: 48h }"],
      })
      .optional(),
    policyChange: z
      .strictObject({ role: id, count: count.optional() })
      .meta({ description: "who signs a change of the policy", examples: ["{ role: senior, count: 2 }"] })
      .optional(),
    machines: z
      .record(id, machine)
      .meta({
        description: "machines by id, and what each may say",
        examples: ["{ ci: { keys: [MCowBQYDK2VwAyEA…], may: [verdict] } }"],
      })
      .optional(),
    deployments: z
      .record(id, environment)
      .meta({
        description: "environments by name, and what each waits for",
        examples: ["{ staging: {}, production: { after: staging } }"],
      })
      .optional(),
    ledger: ledger.optional(),
    emission: choice(EMISSIONS, "ai-assisted", "the trailer that the recorder writes").optional(),
    limits: z
      .strictObject({
        commits: limit(1_000_000, 10_000).optional(),
        files: limit(10_000_000, 100_000).optional(),
        bytes: limit(2 ** 40, 2 ** 30).optional(),
      })
      .meta({ description: "largest change that is judged", examples: ["{ commits: 10000, files: 100000 }"] })
      .optional(),
    tests: z
      .array(policyTest)
      .max(500)
      .meta({
        description: "tests of this policy",
        examples: ["[ { name: …, change: { ai: { assisted: true } }, expect: pending } ]"],
      })
      .optional(),
  })
  .meta({ description: "a Countersign policy", examples: ["version: 1"] });

export type PolicyFile = z.infer<typeof policyFileSchema>;
export type RuleFile = NonNullable<PolicyFile["rules"]>[number];
export type MachineFile = NonNullable<PolicyFile["machines"]>[string];
export type PersonFile = NonNullable<PolicyFile["people"]>[string];
