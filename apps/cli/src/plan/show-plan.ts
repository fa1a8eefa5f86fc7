// SPDX-License-Identifier: Apache-2.0
import { spawn } from "node:child_process";
import { LARGEST_PLAN } from "@countersign/core/infrastructure";
import { displayText } from "@countersign/core/render";
import { PlanError } from "./plan-error.ts";

export interface ShownPlan {
  /** What `show -json` printed. */
  readonly json: Buffer;
  readonly program: string;
}

export interface ShowPlanRequest {
  /** The copy of the plan that nobody else can change. */
  readonly plan: string;
  /** Where its providers are installed: the folder of its root module. */
  readonly cwd: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Milliseconds that a program may take; 120 s where nothing is said. */
  readonly timeout?: number;
}

/** A plan is read by the program that made it, in its very version; the first on PATH that can is asked. */
const PROGRAMS = ["terraform", "tofu"];
const MOST_MILLISECONDS = 120_000;
const MOST_COMPLAINT = 64 * 1024;

/** Has `terraform` or `tofu` say in JSON what a plan does. Throws PlanError. */
export async function showPlan(request: ShowPlanRequest): Promise<ShownPlan> {
  let failure: PlanError | undefined;
  for (const program of PROGRAMS) {
    const answer = await ask(program, request);
    if (!(answer instanceof PlanError)) return { json: answer, program };
    // What one says of a plan that it made itself tells more than that the other is missing.
    failure = answer.code === "TOOL_MISSING" ? (failure ?? answer) : answer;
    if (answer.code !== "TOOL_MISSING" && answer.code !== "TOOL_FAILED") break;
  }
  throw failure ?? new PlanError("TOOL_MISSING", "no program was asked");
}

interface Ended {
  readonly code: number | null;
  readonly output: readonly Buffer[];
  readonly complaint: string;
}

async function ask(program: string, request: ShowPlanRequest): Promise<Buffer | PlanError> {
  try {
    const { code, output, complaint } = await run(program, request);
    if (code === 0) return Buffer.concat(output);
    return new PlanError(
      "TOOL_FAILED",
      `${program} show -json cannot read the plan: ${toSentence(complaint)}`,
    );
  } catch (error) {
    if (error instanceof PlanError) return error;
    const { code } = error as NodeJS.ErrnoException;
    return new PlanError(
      "TOOL_MISSING",
      `what a saved plan does is read by terraform or tofu, and neither can be started (${program}: ${code}); run it where the plan was made`,
      { cause: error },
    );
  }
}

function run(
  program: string,
  { plan, cwd, environment, timeout = MOST_MILLISECONDS }: ShowPlanRequest,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const options = { cwd, env: toQuiet(environment), detached: true } as const;
    const child = spawn(program, ["show", "-json", "-no-color", plan], {
      ...options,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const output: Buffer[] = [];
    const complaint: Buffer[] = [];
    let [size, said] = [0, 0];
    // With whatever it started itself: providers are programs of their own.
    const stop = (error: PlanError) => {
      if (child.pid !== undefined) endGroup(child.pid);
      reject(error);
    };
    const timer = setTimeout(() => {
      const seconds = Math.ceil(timeout / 1000);
      stop(new PlanError("TOOL_TIMEOUT", `${program} show -json did not end within ${seconds} s`));
    }, timeout);
    child.stdout.on("data", (part: Buffer) => {
      size += part.length;
      if (size <= LARGEST_PLAN) output.push(part);
      else
        stop(new PlanError("OUTPUT_TOO_LARGE", `the JSON of the plan has more than ${LARGEST_PLAN} bytes`));
    });
    child.stderr.on("data", (part: Buffer) => {
      if (said < MOST_COMPLAINT) complaint.push(part);
      said += part.length;
    });
    child.once("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.once("close", (code) => {
      clearTimeout(timer);
      resolve({ code, output, complaint: Buffer.concat(complaint).toString("utf8") });
    });
  });
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

/** Without what would add arguments or write elsewhere, and without a question to a server of its maker. */
function toQuiet(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(environment).filter(([name]) => !/^TF_(?:CLI_ARGS|LOG)/.test(name));
  return { ...Object.fromEntries(kept), TF_IN_AUTOMATION: "1", TF_INPUT: "0", CHECKPOINT_DISABLE: "1" };
}

/** What it said, on one line and without its frames. */
function toSentence(complaint: string): string {
  const words = complaint.replace(/[│╷╵]/g, " ").replace(/\s+/g, " ").trim();
  return displayText(words === "" ? "it said nothing" : words, 600);
}
