// SPDX-License-Identifier: Apache-2.0
import { chmod, mkdir, readFile, rename, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { DoctorFinding } from "@countersign/core/render";
import { createRepository, run } from "@countersign/testkit";
import { expect, test } from "vitest";
import { recordLines } from "../blame/recorded.fixture.ts";
import { countersign } from "../command.fixture.ts";
import { atHome, snapshot } from "../init/home.fixture.ts";
import {
  environmentOf,
  hookOf,
  type Patient,
  recorderOf,
  runDoctor,
  withPatient,
} from "./patient.fixture.ts";

test("says that everything works where it does, and changes nothing", () =>
  withPatient(async ({ home, repo, doctor }) => {
    const before = [await snapshot(home.path), await snapshot(repo.path)];
    const { exitCode, bad, all } = await doctor();
    expect([exitCode, bad, all.verdict]).toEqual([0, [], "well"]);
    expect(all.findings.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["Node", "post-commit", "post-rewrite", "active", "Claude Code", "origin"]),
    );
    const text = await countersign(["doctor"], { cwd: repo.path, environment: environmentOf(home) });
    expect(text.stdout).toMatch(/\neverything works\n$/);
    expect([await snapshot(home.path), await snapshot(repo.path)]).toEqual(before);
  }));

test("where nothing was installed says so once, with the command that does it", () =>
  atHome(async (home) => {
    await home.write(".claude/settings.json", "{}\n");
    await using repo = await createRepository();
    const { exitCode, bad } = await runDoctor(home, repo);
    expect(exitCode).toBe(1);
    expect(bad.map(({ name, level, fix }) => [name, level, fix])).toEqual([
      ["Git hooks", "problem", "countersign init"],
      ["active", "problem", "countersign init"],
      ["Claude Code", "problem", "countersign init --agents claude-code"],
    ]);
  }));

type Case = readonly [
  title: string,
  harm: (patient: Patient) => Promise<unknown>,
  name: string,
  level: DoctorFinding["level"],
  message: RegExp,
];

const replace = async (path: string, from: string | RegExp, to: string) =>
  writeFile(path, (await readFile(path, "utf8")).replace(from, to));

/** Renews the digest in a hook's head, as a version that writes other lines would. */
async function rewriteHook(path: string, from: RegExp, to: string): Promise<void> {
  const { createHash } = await import("node:crypto");
  const text = (await readFile(path, "utf8")).replace(from, to);
  const body = text.split("\n").slice(2).join("\n");
  const digest = createHash("sha256").update(body).digest("hex");
  await writeFile(path, `#!/bin/sh\n# countersign hook, sha256 ${digest}\n${body}`);
}

const HOOKS: readonly Case[] = [
  ["a hook that is gone", (p) => rm(hookOf(p)), "post-commit", "problem", /is missing/],
  [
    "a hook that was edited",
    (p) => replace(hookOf(p), /$/, "echo mine\n"),
    "post-commit",
    "problem",
    /was changed/,
  ],
  [
    "a hook that is not executable",
    (p) => chmod(hookOf(p), 0o644),
    "post-commit",
    "problem",
    /not executable/,
  ],
  [
    "a hook of somebody else's in its place",
    (p) => writeFile(hookOf(p), "#!/bin/sh\n"),
    "post-commit",
    "problem",
    /somebody else's/,
  ],
  [
    "a hook that lefthook moved aside",
    async (p) => {
      await rename(hookOf(p), `${hookOf(p)}.old`);
      await writeFile(hookOf(p), "#!/bin/sh\ncall_lefthook run x\n", { mode: 0o755 });
    },
    "post-commit",
    "problem",
    /moved ours to .*\.old and does not run it/,
  ],
  [
    "a Node that is gone",
    (p) => rewriteHook(hookOf(p, "pre-push"), /^node='.*'$/m, "node='/nowhere/it'\\''s/node'"),
    "pre-push",
    "problem",
    /starts \/nowhere\/it's\/node, which is not there/,
  ],
  [
    "a program that is gone",
    (p) => rewriteHook(hookOf(p), /^program='.*'$/m, "program='/nowhere/countersign-commit.cjs'"),
    "post-commit",
    "problem",
    /starts \/nowhere/,
  ],
  [
    "a hook of another version",
    (p) => rewriteHook(hookOf(p), /exit 0\n$/, "exit 0\n# other\n"),
    "post-commit",
    "warning",
    /another version/,
  ],
  [
    "hooks in a folder where Git does not look",
    (p) => p.repo.git(["config", "core.hooksPath", ".git/other"]),
    "Git hooks",
    "problem",
    /ours lie in .*hooks, but Git looks for hooks in .*other/,
  ],
  [
    "a chained hook that is not executable",
    (p) => writeFile(`${hookOf(p)}.before-countersign`, "#!/bin/sh\n", { mode: 0o644 }),
    "post-commit",
    "warning",
    /not executable and is passed over/,
  ],
  [
    "trailers that are off",
    (p) => p.repo.git(["config", "countersign.trailer", "no"]),
    "trailer",
    "warning",
    /off/,
  ],
];

const LONG_AGO = 1_767_225_600;
const RECORDER: readonly Case[] = [
  [
    "a recorder that was never set up",
    (p) => rm(recorderOf(p, "active")),
    "active",
    "problem",
    /never set up/,
  ],
  ["a torn mark", (p) => writeFile(recorderOf(p, "active"), '{"at":'), "active", "problem", /cannot be read/],
  [
    "a mark from the future",
    (p) => replace(recorderOf(p, "active"), /"at":\d+/, '"at":4102444800'),
    "active",
    "warning",
    /2100-01-01 00:00Z, which is yet to come/,
  ],
  [
    "a file where the recorder's folder should be",
    async (p) => {
      await rm(recorderOf(p, ""), { recursive: true });
      await writeFile(recorderOf(p, ""), "");
    },
    "disk",
    "problem",
    /is no folder/,
  ],
  [
    "a folder that others may read",
    (p) => chmod(recorderOf(p, ""), 0o755),
    "access",
    "warning",
    /others may look/,
  ],
  [
    "a loss",
    (p) => writeFile(recorderOf(p, "lost.ndjson"), `{"code":"event-lost","message":"x","at":${LONG_AGO}}\n`),
    "record",
    "problem",
    /lost at 2026-01-01 00:00Z: x \(event-lost\)/,
  ],
  ...["payload-malformed", "field-missing", "hook-timed-out"].map(
    (code): Case => [
      `a loss of another kind (${code})`,
      (p) => writeFile(recorderOf(p, "lost.ndjson"), `{"code":"${code}","message":"x","at":${LONG_AGO}}\n`),
      "record",
      "problem",
      new RegExp(`lost at 2026-01-01 00:00Z: x \\(${code}\\)`),
    ],
  ),
  [
    "a loss that could not be written down",
    (p) => utimes(recorderOf(p, "lost.mark"), LONG_AGO, LONG_AGO),
    "record",
    "problem",
    /lost at 2026-01-01 00:00Z: something could not be recorded/,
  ],
  [
    "a damaged journal",
    (p) => writeFile(recorderOf(p, "journal/000001.ndjson"), '\n{"version":1,"pha\n'),
    "record",
    "problem",
    /damaged .*torn or damaged \(journal-damaged\)/,
  ],
  [
    "damaged states",
    (p) => writeFile(recorderOf(p, "states.json"), "{"),
    "record",
    "problem",
    /\(states-damaged\)/,
  ],
  [
    "a lock left over",
    async (p) => {
      await writeFile(recorderOf(p, "lock"), "1\n");
      await utimes(recorderOf(p, "lock"), LONG_AGO, LONG_AGO);
    },
    "lock",
    "warning",
    /left over at 2026-01-01/,
  ],
];

const SETTINGS = ".claude/settings.json";
const AGENTS: readonly Case[] = [
  [
    "an agent that does not report",
    (p) => p.home.write(SETTINGS, "{}"),
    "Claude Code",
    "problem",
    /does not report/,
  ],
  [
    "an agent's hook whose program is gone",
    async (p) =>
      p.home.write(
        SETTINGS,
        (await p.home.read(SETTINGS)).replaceAll("/countersign-record.mjs", "/gone/countersign-record.mjs"),
      ),
    "Claude Code",
    "problem",
    /is not there/,
  ],
  [
    "an agent whose hooks are off",
    async (p) =>
      p.home.write(SETTINGS, (await p.home.read(SETTINGS)).replace("{", '{"disableAllHooks":true,')),
    "Claude Code",
    "problem",
    /switched off/,
  ],
  [
    "a configuration that is no JSON",
    (p) => p.home.write(SETTINGS, "{ countersign-record"),
    "Claude Code",
    "unclear",
    /./,
  ],
  [
    "a configuration that is no JSON and does not even name us",
    (p) => p.home.write(SETTINGS, "{"),
    "Claude Code",
    "unclear",
    /settings\.json: line \d is not JSON/,
  ],
  [
    "hooks that Codex does not trust",
    async (p) => {
      await mkdir(join(p.home.path, ".codex"));
      await p.home.init(p.repo.path);
    },
    "Codex",
    "problem",
    /nobody trusted/,
  ],
  [
    "an agent installed twice",
    async (p) => {
      await mkdir(join(p.repo.path, ".claude"));
      await writeFile(join(p.repo.path, SETTINGS), await p.home.read(SETTINGS));
    },
    "Claude Code",
    "warning",
    /twice/,
  ],
  [
    "damaged knowledge of configurations",
    (p) => p.home.write(".local/state/countersign/hooks.json", "torn"),
    "hooks.json",
    "warning",
    /is damaged/,
  ],
];

const REMOTES: readonly Case[] = [
  [
    "a refspec that is gone",
    (p) => p.repo.git(["config", "--unset-all", "remote.origin.fetch", "countersign/records"]),
    "origin",
    "problem",
    /does not bring refs\/countersign\/records/,
  ],
  [
    "records at home only",
    async ({ repo }) => repo.git(["update-ref", "refs/countersign/records", await repo.id("HEAD")]),
    "refs/countersign/records",
    "warning",
    /no remote had/,
  ],
];

test.each([...HOOKS, ...RECORDER, ...AGENTS, ...REMOTES])("finds %s", (_title, harm, name, level, message) =>
  withPatient(async (patient) => {
    await harm(patient);
    const before = await snapshot(patient.repo.path);
    const { exitCode, bad } = await patient.doctor();
    const found = bad.filter((one) => one.name === name && one.level === level);
    expect(found, JSON.stringify(bad)).not.toEqual([]);
    expect(found.map((one) => one.message)).toEqual(expect.arrayContaining([expect.stringMatching(message)]));
    for (const one of found) expect(one.fix).not.toBeNull();
    expect(exitCode).toBe(bad.some((one) => one.level === "problem") ? 1 : level === "unclear" ? 3 : 0);
    expect(await snapshot(patient.repo.path)).toEqual(before);
  }),
);

test("what it advises mends what it found", () =>
  withPatient(async (patient) => {
    const { home, repo, doctor } = patient;
    await rm(hookOf(patient));
    await rm(recorderOf(patient, "active"));
    await home.write(SETTINGS, "{}");
    await repo.git(["config", "--unset-all", "remote.origin.fetch", "countersign/records"]);
    expect((await doctor()).exitCode).toBe(1);
    await home.init(repo.path);
    expect(await doctor()).toMatchObject({ exitCode: 0, bad: [] });
  }));

test("hooks that are passed on to from our own folder are well, and a project's folder that is gone is named", () =>
  atHome(async (home) => {
    await using repo = await createRepository();
    await repo.commit({ message: "x\n", files: { ".githooks/pre-commit": "#!/bin/sh\n" } });
    await repo.git(["config", "core.hooksPath", ".githooks"]);
    await home.init(repo.path);
    expect(await runDoctor(home, repo)).toMatchObject({ exitCode: 0, bad: [] });
    await rm(join(repo.path, ".githooks"), { recursive: true });
    expect((await runDoctor(home, repo)).bad).toMatchObject([{ name: "Git hooks", level: "warning" }]);
  }));

test("a remedy can be pasted into a shell, whatever the folder is called", () =>
  atHome(async (home) => {
    const path = join(home.path, "a $(touch x) 'b");
    await using repo = await createRepository({ path });
    await home.init(repo.path);
    await chmod(join(path, ".git/hooks/commit-msg"), 0o644);
    const { bad } = await runDoctor(home, repo);
    expect(bad).toHaveLength(1);
    await run("sh", ["-c", bad[0]?.fix ?? "false"], { cwd: home.path });
    expect(await runDoctor(home, repo)).toMatchObject({ exitCode: 0, bad: [] });
    expect(Object.keys(await snapshot(home.path))).not.toContain("x");
  }));

test("evidence push takes records along that no remote has", () =>
  withPatient(async ({ home, repo, doctor }) => {
    await repo.commit({ message: "two\n", files: { a: "b\n" } });
    await recordLines(repo, await repo.id("HEAD"), "a", [1]);
    const [unshared] = (await doctor()).bad;
    expect(unshared).toMatchObject({ level: "warning", fix: "countersign evidence push origin" });
    const environment = environmentOf(home);
    const pushed = await countersign(["evidence", "push", "origin"], { cwd: repo.path, environment });
    expect(pushed.exitCode).toBe(0);
    expect(await doctor()).toMatchObject({ exitCode: 0, bad: [] });
  }));

test("a linked work tree is well with its repository", () =>
  withPatient(async ({ home, repo }) => {
    const linked = join(repo.path, "../linked");
    await repo.git(["worktree", "add", "--quiet", "--detach", linked]);
    const { exitCode } = await countersign(["doctor"], { cwd: linked, environment: environmentOf(home) });
    expect(exitCode).toBe(0);
  }));
