// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { block, codesOf } from "../assess.fixture.ts";

const W = "privilege-widened";
const terraform = (type: string, name: string, before: string, after: string) =>
  codesOf("a.tf", block(type, `${name} = "${before}"`), block(type, `${name} = "${after}"`));

describe("whose token a cloud takes", () => {
  it.each([
    ["repo:a/b:environment:production", "repo:a/b:pull_request", W],
    ["repo:a/b:environment:production", "repo:a/b:ref:refs/heads/*", W],
    ["repo:a/b:ref:refs/heads/main", "repo:a/c:ref:refs/heads/main", W],
    ["repo:a/b:ref:refs/heads/main", "repo:a/b:environment:production", ""],
    ["repo:a/b:pull_request", "repo:a/b:ref:refs/heads/main", ""],
    ["repo:a/b:*", "repo:a/b:ref:refs/heads/main", ""],
    ["system:serviceaccount:ns:app", "system:serviceaccount:ns:*", W],
  ])("%s → %s", (before, after, codes) => {
    expect(terraform("azurerm_federated_identity_credential", "subject", before, after)).toBe(codes);
  });

  it.each([
    [
      "assertion.repository == 'a/b' && assertion.ref == 'refs/heads/main'",
      "assertion.repository == 'a/b'",
      W,
    ],
    [
      "assertion.repository == 'a/b'",
      "assertion.repository == 'a/b' && assertion.ref == 'refs/heads/main'",
      "",
    ],
    ["assertion.repository_owner == 'a'", "assertion.repository == 'a/b'", ""],
    ["assertion.repository == 'a/b'", "assertion.repository_owner == 'a'", W],
    ["assertion.repository == 'a/b'", "assertion.repository == 'a/b' || assertion.repository == 'a/c'", W],
    ["assertion.repository in ['a/b']", "assertion.repository in ['a/b', 'a/c']", W],
    ["assertion.repository in ['a/b', 'a/c']", "assertion.repository == 'a/b'", ""],
    ["assertion.ref == 'refs/heads/main'", "assertion.ref.startsWith('refs/heads/')", W],
    ["assertion.ref.startsWith('refs/heads/')", "assertion.ref == 'refs/heads/main'", ""],
    ["assertion.ref  ==  'refs/heads/main'", "assertion.ref == 'refs/heads/main'", ""],
  ])("%s → %s", (before, after, codes) => {
    expect(
      terraform("google_iam_workload_identity_pool_provider", "attribute_condition", before, after),
    ).toBe(codes);
  });

  it("holds for other providers", () => {
    expect(
      terraform(
        "vault_jwt_auth_backend_role",
        "bound_subject",
        "repo:a/b:environment:p",
        "repo:a/b:pull_request",
      ),
    ).toBe(W);
    expect(
      terraform(
        "hcp_iam_workload_identity_provider",
        "conditional_access",
        "jwt_claims.sub == `a`",
        "jwt_claims.sub matches `^a.*`",
      ),
    ).toBe(W);
  });
});
