// SPDX-License-Identifier: Apache-2.0
import { cp, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createTemporaryFolder, testEnvironment, tryRun } from "@countersign/testkit";
import { parse } from "yaml";
import { BUNDLE } from "../command.fixture.ts";

export const ACTION = join(import.meta.dirname, "../../../../action");

interface Step {
  readonly id?: string;
  readonly shell?: string;
  readonly run?: string;
  readonly uses?: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

export async function readAction(): Promise<Action> {
  return parse(await readFile(join(ACTION, "action.yml"), "utf8"));
}

export interface RunnerOptions {
  readonly eventName: string;
  readonly event: unknown;
  readonly serverUrl: string;
  readonly repository: string;
  readonly inputs?: Readonly<Record<string, string>>;
  /** Work tree of the workflow, as actions/checkout would leave it. */
  readonly workspace?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** A revision of the action without its built program. */
  readonly isUnbuilt?: boolean;
}

export interface RunnerResult {
  readonly exitCode: number;
  readonly log: string;
  readonly summary: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly sarif: string;
}

/** Runs the composite action as a runner does: expressions become environment, each `run` goes to its shell. */
export async function runAction(options: RunnerOptions): Promise<RunnerResult> {
  await using folder = await createTemporaryFolder("countersign-runner");
  const action = await readAction();
  const actionPath = join(folder.path, "action");
  await cp(ACTION, actionPath, { recursive: true });
  if (options.isUnbuilt !== true) {
    await cp(dirname(BUNDLE), join(actionPath, "dist"), { recursive: true });
  }
  const files = {
    GITHUB_OUTPUT: join(folder.path, "output"),
    GITHUB_STEP_SUMMARY: join(folder.path, "summary"),
    GITHUB_EVENT_PATH: join(folder.path, "event.json"),
  };
  for (const path of Object.values(files)) await writeFile(path, "");
  await writeFile(files.GITHUB_EVENT_PATH, JSON.stringify(options.event));
  const inputs = {
    ...Object.fromEntries(Object.entries(action.inputs).map(([name, { default: text }]) => [name, text])),
    ...options.inputs,
  };
  const context = { inputs, github: { event: options.event, token: "token-of-the-job" } };
  const resolved = {
    ...context,
    inputs: Object.fromEntries(Object.entries(inputs).map(([name, text]) => [name, evaluate(text, context)])),
  };
  const runner = {
    ...testEnvironment(options.environment),
    ...files,
    GITHUB_ACTIONS: "true",
    GITHUB_ACTION_PATH: actionPath,
    GITHUB_EVENT_NAME: options.eventName,
    GITHUB_SERVER_URL: options.serverUrl,
    GITHUB_REPOSITORY: options.repository,
    RUNNER_TEMP: folder.path,
    PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
  };
  let [exitCode, log] = [0, ""];
  for (const step of action.runs.steps) {
    const own = Object.fromEntries(
      Object.entries(step.env ?? {}).map(([name, text]) => [name, evaluate(text, resolved)]),
    );
    const args = ["--noprofile", "--norc", "-eo", "pipefail", "-c", evaluate(step.run ?? "", resolved)];
    const result = await tryRun("bash", args, {
      cwd: options.workspace ?? folder.path,
      environment: { ...runner, ...own },
    });
    log += `${result.stdout.toString("utf8")}${result.stderr}`;
    exitCode = result.exitCode;
    if (exitCode !== 0) break;
  }
  const outputs = parseOutputs(await readFile(files.GITHUB_OUTPUT, "utf8"));
  const sarif = outputs.sarif === undefined ? "" : await readFile(outputs.sarif, "utf8");
  return { exitCode, log, summary: await readFile(files.GITHUB_STEP_SUMMARY, "utf8"), outputs, sarif };
}

/** `${{ a.b.c }}`: a missing member is the empty string, as the runner has it. */
function evaluate(text: string, context: unknown): string {
  return text.replace(/\$\{\{\s*([\w.]+)\s*\}\}/g, (_match, path: string) => {
    const value = path
      .split(".")
      .reduce<unknown>((at, name) => (at as Record<string, unknown> | null | undefined)?.[name], context);
    return value === undefined || value === null ? "" : String(value);
  });
}

function parseOutputs(text: string): Readonly<Record<string, string>> {
  const rows = text.split("\n").filter((line) => line !== "");
  return Object.fromEntries(
    rows.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
}
