// SPDX-License-Identifier: Apache-2.0
import { getProfileText, type ProfileName } from "@countersign/core/policy";

/** Two people for every role: a rule may ask for two, and a sign-off by an author does not count. */
const PEOPLE = ["senior-one", "senior-two"];

/** A valid policy that extends the profile, with example people in the roles that its rules name. */
export function formatStarterPolicy(profile: ProfileName): string {
  const roles = [
    ...new Set(Array.from(getProfileText(profile).matchAll(/\brole: ([\w-]+)/g), ([, role]) => role ?? "")),
  ];
  return [
    "# Who has to sign off what an AI helped to write. Counts from the moment it is on the target branch, and only there.",
    "# Check it with: countersign policy check && countersign policy test",
    "version: 1",
    `extends: ${profile}`,
    "# The repository that sign-offs name, so that none can be replayed on a fork:",
    "# repository: https://git.acme.example/team/project",
    ...(roles.length === 0 ? [] : castLines(roles)),
    "tests:",
    ...testLines(profile),
    "",
  ].join("\n");
}

function castLines(roles: readonly string[]): string[] {
  return [
    "# Examples: put your people here, with the SSH keys they sign with (the line in their .pub file).",
    "people:",
    ...PEOPLE.flatMap((person) => [
      `  ${person}:`,
      `    emails: [${person}@acme.example]`,
      '    # keys: ["ssh-ed25519 AAAA…"]',
    ]),
    "roles:",
    ...roles.map((role) => `  ${role}: { members: [${PEOPLE.join(", ")}] }`),
  ];
}

/** Profiles in which even a change without AI needs its author's Signed-off-by, which no plain test change has. */
const DCO_PROFILES: readonly ProfileName[] = ["kernel", "ban"];

function testLines(profile: ProfileName): string[] {
  const text = getProfileText(profile);
  const plain = DCO_PROFILES.includes(profile)
    ? ["a change without its author's Signed-off-by is denied", "denied"]
    : ["a change without AI passes", "pass"];
  return [
    `  - name: ${plain[0]}`,
    "    change: { ai: { assisted: false } }",
    `    expect: ${plain[1]}`,
    ...(/\brequire: \{ role:/.test(text) ? WAITING_LINES : []),
  ];
}

const WAITING_LINES = [
  "  - name: an AI-assisted change waits for a sign-off",
  "    change: { ai: { assisted: true } }",
  "    expect: pending",
];
