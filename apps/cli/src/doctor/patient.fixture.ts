// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { DoctorFinding, DoctorReport } from "@countersign/core/render";
import { createRepository, run, type TestRepository } from "@countersign/testkit";
import { expect } from "vitest";
import { z } from "zod";
import { countersign } from "../command.fixture.ts";
import { atHome, type Home } from "../init/home.fixture.ts";

const SCHEMA = z.fromJSONSchema(
  JSON.parse(readFileSync(join(import.meta.dirname, "../../../../specs/doctor-report.schema.json"), "utf8")),
);

export interface Patient {
  readonly home: Home;
  readonly repo: TestRepository;
  /** Problems, warnings and what is unclear. */
  readonly doctor: () => Promise<{ exitCode: number; bad: readonly DoctorFinding[]; all: DoctorReport }>;
}

/** A clone with the recorder installed, of a person who has Claude Code. */
export async function withPatient(work: (patient: Patient) => Promise<void>): Promise<void> {
  await atHome(async (home) => {
    await home.write(".claude/settings.json", "{}\n");
    await using origin = await createRepository();
    await origin.commit({ message: "one\n", files: { a: "a\n" } });
    await using repo = await origin.clone();
    await home.init(repo.path);
    await work({ home, repo, doctor: () => runDoctor(home, repo) });
  });
}

export async function runDoctor(home: Home, repo: TestRepository) {
  const { exitCode, stdout, stderr } = await countersign(["doctor", "--json"], {
    cwd: repo.path,
    environment: environmentOf(home),
  });
  expect(stderr).toBe("");
  const all: DoctorReport = JSON.parse(stdout);
  expect(SCHEMA.safeParse(all).error).toBeUndefined();
  return { exitCode, all, bad: all.findings.filter(({ level }) => level !== "ok") };
}

export const environmentOf = ({ path }: Home) => ({
  HOME: path,
  PATH: "/usr/bin:/bin",
  XDG_STATE_HOME: "",
  CODEX_HOME: "",
  CLAUDE_CONFIG_DIR: "",
});
/** Runs what a finding advises, step by step, as somebody does who pastes it. */
export async function paste(home: Home, repo: TestRepository, fix: string): Promise<void> {
  for (const step of fix.split(" && ")) {
    const [program = "", ...args] = step.split(" ");
    const place = { cwd: repo.path, environment: environmentOf(home) };
    if (program === "countersign") await countersign(args, place);
    else await run("sh", ["-c", step], place);
  }
}
export const hookOf = ({ repo }: Patient, name = "post-commit") => join(repo.path, ".git/hooks", name);
export const recorderOf = ({ repo }: Patient, name: string) =>
  join(repo.path, ".git/countersign/recorder", name);
