// SPDX-License-Identifier: Apache-2.0
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createRepository, run, type TestRepository, testEnvironment, tryRun } from "@countersign/testkit";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parse } from "yaml";
import { BUNDLE, countersign } from "../command.fixture.ts";

const DOCS = join(import.meta.dirname, "../../../../docs/deployments.md");

/** A command of the docs with its output, and what happens before it. */
interface Step {
  readonly before: string | undefined;
  readonly command: string;
  readonly output: string;
}

const BLOCK = /(?:<!-- run(?:: ([a-z]+))? -->\n+)?(```console\n\$ ([^\n]*)\n)([\s\S]*?)(```)/g;

function readSteps(text: string): readonly Step[] {
  return [...text.matchAll(BLOCK)].map(([, before, , command = "", output = ""]) => ({
    before,
    command,
    output,
  }));
}

/** Ids and times differ from run to run; everything else must be what the page shows. */
function normalise(text: string): string {
  return text.replace(/\b[0-9a-f]{12,64}\b/g, "<id>").replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, "<time>");
}

let repo: TestRepository;
let folder: string;
beforeAll(async () => {
  repo = await createRepository();
  folder = dirname(repo.path);
  for (const person of ["author", "senior"])
    await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", person, "-f", join(folder, person)], {
      cwd: folder,
    });
  for (const machine of ["ci", "deployer"])
    await run("sh", ["-c", `umask 077; openssl genpkey -algorithm ed25519 -out ${machine}.pem`], {
      cwd: folder,
    });
  await repo.commit({ message: "project: start\n", files: { ".countersign/policy.yml": await toPolicy() } });
});
afterAll(() => repo.remove());

async function toPolicy(): Promise<string> {
  const docs = await readFile(DOCS, "utf8");
  const example = /<!-- policy -->\n+```yaml\n([\s\S]*?)```/.exec(docs)?.[1] ?? "";
  const key = async (machine: string) => {
    const pem = await run("openssl", ["pkey", "-in", `${machine}.pem`, "-pubout"], { cwd: folder });
    return `"${pem.toString().split("\n")[1]}"`;
  };
  const machines = example.replace("CI_KEY", await key("ci")).replace("DEPLOYER_KEY", await key("deployer"));
  expect(Object.keys(parse(machines))).toEqual(["targets", "machines", "deployments"]);
  const people = await Promise.all(
    ["author", "senior"].map(async (id) => {
      const line = (await readFile(join(folder, `${id}.pub`), "utf8")).trim();
      return `  ${id}: { emails: [${id}@example.com], keys: ["${line}"] }\n`;
    }),
  );
  return `version: 1\nrepository: https://git.example/acme/shop\npeople:\n${people.join("")}roles:\n  senior: { members: [senior] }\nrules:\n  - { id: ai-senior-sign-off, when: change.ai.assisted, require: { role: senior } }\n${machines}`;
}

const AUTHOR = { name: "author", email: "author@example.com" };
let base = "";

/** What the page tells between its commands. */
const HAPPENINGS: Readonly<Record<string, () => Promise<void>>> = {
  ship: async () => {
    base = await repo.id("main");
    await repo.branch("change");
    const message = "net: route the new subnet\n\nAI-Assisted: claude-code/claude-opus-4-8\n";
    const head = await repo.commit({ message, files: { "net.txt": "route\n" }, author: AUTHOR });
    const change = ["--base", base, "--head", head, "--target", "refs/heads/main"];
    await ok("approve", ...change, "--key", "../senior");
    await ok("gate", ...change, "--attest", "--machine-key", "../ci.pem");
    await repo.checkout("main");
    await repo.git(["merge", "--quiet", "--ff-only", "change"]);
  },
  push: async () => {
    const message = "net: open the admin port\n\nAI-Assisted: claude-code/claude-opus-4-8\n";
    await repo.commit({ message, files: { "port.txt": "open\n" }, author: AUTHOR });
  },
  revoke: async () => {
    await repo.git(["reset", "--quiet", "--hard", "HEAD~1"]);
    const change = ["--base", base, "--head", "change", "--target", "refs/heads/main"];
    await ok("revoke", ...change, "--key", "../senior", "--reason", "it routes to the wrong subnet");
  },
};

async function ok(...args: readonly string[]): Promise<void> {
  const result = await countersign(args, { cwd: repo.path });
  expect(result.exitCode, `${args.join(" ")}\n${result.stdout}${result.stderr}`).toBe(0);
}

async function play({ before, command }: Step): Promise<string> {
  if (before !== undefined) await HAPPENINGS[before]?.();
  const program = `'${process.execPath}' '${BUNDLE}'`;
  const script = `exec 2>&1; countersign() { ${program} "$@"; }; ${command}`;
  const environment = testEnvironment({ NO_COLOR: "1" });
  return (await tryRun("sh", ["-c", script], { cwd: repo.path, environment })).stdout.toString("utf8");
}

it("docs/deployments.md shows what the commands really print", async () => {
  const docs = await readFile(DOCS, "utf8");
  const steps = readSteps(docs);
  expect(steps.length).toBeGreaterThanOrEqual(9);
  const played: string[] = [];
  for (const step of steps) played.push(await play(step));
  if (process.env.COUNTERSIGN_WRITE_VECTORS === "1") {
    let at = 0;
    const written = docs.replace(BLOCK, (whole: string, _before, _start, _command, output: string) => {
      const shown = played[at++] ?? "";
      return `${whole.slice(0, whole.length - output.length - 3)}${shown}\`\`\``;
    });
    await writeFile(DOCS, written);
    return;
  }
  for (const [i, step] of steps.entries())
    expect(normalise(played[i] ?? ""), step.command).toBe(normalise(step.output));
});
