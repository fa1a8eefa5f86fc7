// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { block, codesOf } from "../assess.fixture.ts";

const U = "untrusted-code";
const image = (line = "") => `FROM a:1\n${line}\nUSER 1000\n`;

describe("images", () => {
  it.each([
    ["ENV NODE_ENV=production NODE_TLS_REJECT_UNAUTHORIZED=0", "protection-off"],
    ["ENV PIP_TRUSTED_HOST=pypi.example", U],
    ["ENV GOSUMDB=off", U],
    ["ENV GOSUMDB=sum.golang.org", ""],
    ["ENV PGSSLMODE=disable\nRUN make", `protection-off ${U}`],
    ["ENV PGSSLMODE=verify-full", ""],
    ['RUN echo "a ALL=(ALL) NOPASSWD:ALL" > /etc/sudoers.d/a', "isolation-lost"],
    ["RUN chmod 4755 /usr/local/bin/a", "isolation-lost"],
    ["RUN chmod 0755 /usr/local/bin/a && chmod 755 /b", ""],
    ["RUN usermod -aG sudo a", "isolation-lost"],
    ["RUN useradd --uid 1000 --groups staff a", ""],
  ])("%s", (line, codes) => {
    expect(codesOf("Dockerfile", image(), image(line))).toBe(codes);
  });
});

describe("pipelines", () => {
  const flow = (on: string, job: string) =>
    `on: ${on}\njobs:\n  a:\n    runs-on: ubuntu-24.04\n${job}    steps:\n      - run: make\n`;
  const guard = "    if: github.event.pull_request.head.repo.full_name == github.repository\n";
  it("whose code it is was asked", () => {
    const change = (on: string) => codesOf(".github/workflows/a.yml", flow(on, guard), flow(on, ""));
    expect(change("pull_request_target")).toBe(`protection-off ${U}`);
    expect(change("pull_request")).toBe("protection-off");
  });

  it.each([
    [
      "a: { script: [make] }",
      "a: { variables: { CI_DEBUG_TRACE: 'true' }, script: [make] }",
      "secret-exposed",
    ],
    ["a: { script: [make] }", "a: { variables: { CI_DEBUG_TRACE: 'false' }, script: [make] }", ""],
    ["a: { script: ['push $TOKEN'] }", "a: { script: ['set -x; push $TOKEN'] }", "secret-exposed"],
    ["a: { script: [make] }", "a: { script: ['set -eux; make'] }", ""],
  ])("%s → %s", (before, after, codes) => {
    expect(codesOf(".gitlab-ci.yml", before, after)).toBe(codes);
  });

  it("variables as pairs of a name and a value", () => {
    const variables = (value: string) =>
      `variables:\n  - name: system.debug\n    value: ${value}\nsteps: []\n`;
    expect(codesOf("azure-pipelines.yml", variables("false"), variables("true"))).toBe("secret-exposed");
  });
});

describe("tasks", () => {
  const task = (module: string, args: string) => `- name: a\n  ${module}:\n${args}\n`;
  const path = "roles/a/tasks/main.yml";
  it.each([
    [
      "ansible.posix.authorized_key",
      "    user: a\n    key: one",
      "    user: a\n    key: https://example.com/a.keys",
      "privilege-widened",
    ],
    ["ansible.builtin.template", "    dest: /a", "    dest: /a\n  no_log: true", ""],
    [
      "ansible.builtin.apt",
      "    name: a",
      "    name: a\n    allow_unauthenticated: true",
      `protection-off ${U}`,
    ],
  ])("%s: %s → %s", (module, before, after, codes) => {
    expect(codesOf(path, task(module, before), task(module, after))).toBe(codes);
  });
});

describe("what looks alike and changes nothing", () => {
  it("rules with other numbers in the same order", () => {
    const rules = (...numbers: readonly number[]) =>
      block(
        "azurerm_network_security_group",
        numbers
          .map(
            (n, at) =>
              `security_rule {\n name = "${at}"\n priority = ${n}\n access = "Allow"\n destination_port_range = "${at}"\n }`,
          )
          .join("\n"),
      );
    expect(codesOf("a.tf", rules(100, 200), rules(1000, 2000))).toBe("");
    expect(codesOf("a.tf", rules(100, 200), rules(300, 200))).toBe("rule-order-changed");
  });

  it("a variable that refuses the internet", () => {
    const variable = (body: string) => `variable "allowed_cidrs" {\n  type = list(string)\n${body}}\n`;
    const validation =
      '  validation {\n    condition = !contains(var.allowed_cidrs, "0.0.0.0/0")\n    error_message = "No."\n  }\n';
    expect(codesOf("a.tf", variable(""), variable(validation))).toBe("");
    expect(codesOf("a.tf", variable(""), variable('  default = ["0.0.0.0/0"]\n'))).toBe("cidr-opened");
  });

  it("retries that are new, and none where they go", () => {
    const route = (rest: string) =>
      `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: { name: a }\nspec: { http: [{ route: [{ destination: { host: a } }]${rest} }] }\n`;
    const retries = ", retries: { attempts: 2 }";
    expect(codesOf("a.yaml", route(""), route(retries))).toBe("");
    expect(codesOf("a.yaml", route(retries), route(""))).toBe("failover-changed");
  });
});
