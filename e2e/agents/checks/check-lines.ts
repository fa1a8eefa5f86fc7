// SPDX-License-Identifier: Apache-2.0
import type { AgentPlace, AgentProgram } from "../programs/agent-program.ts";
import type { ExpectedFiles, ExpectedLine, Writer } from "../scenario/expected-lines.ts";
import type { Failure } from "./failure.ts";
import { modelOf } from "./model-of.ts";
import { runCountersign, runGit } from "./run-countersign.ts";

/** Asks `countersign blame` for every line of every file of a commit. */
export async function checkLines(
  program: AgentProgram,
  place: AgentPlace,
  commit: string,
  expected: ExpectedFiles,
): Promise<readonly Failure[]> {
  const failures: Failure[] = [];
  const paths = (await runGit(place, ["ls-tree", "-r", "--name-only", commit])).trimEnd().split("\n");
  for (const path of paths.filter((one) => expected[one] === undefined))
    failures.push({ step: "base", message: `${commit}: ${path} should not be there` });
  for (const [path, lines] of Object.entries(expected))
    failures.push(...(await checkFile(program, place, { commit, path, lines })));
  return failures;
}

interface FileExpectation {
  readonly commit: string;
  readonly path: string;
  readonly lines: readonly ExpectedLine[];
}

async function checkFile(
  program: AgentProgram,
  place: AgentPlace,
  { commit, path, lines }: FileExpectation,
): Promise<readonly Failure[]> {
  const text = await runGit(place, ["show", `${commit}:${path}`]).catch(() => "");
  const blame = await runCountersign(place, ["blame", "--json", "--rev", commit, path]).catch(String);
  const found = blame.startsWith("{") ? blame.trimEnd().split("\n").map(toAnswer) : [];
  const contents = text.split("\n").slice(0, -1);
  const failures = lines.flatMap((line, index): readonly Failure[] => {
    const actual = contents[index] === line.text ? (found[index] ?? blame) : "(not this line)";
    const wanted = describeWriter(line.writer, program);
    if (actual === wanted) return [];
    const message = `${commit} ${path}:${index + 1}: ${wanted} expected, ${actual} found: ${contents[index] ?? line.text}`;
    return [{ step: line.step, message }];
  });
  const extra = contents.slice(lines.length).map((content): Failure => {
    return { step: "base", message: `${commit} ${path}: nobody should have written: ${content}` };
  });
  return [...failures, ...extra];
}

interface BlameAnswer {
  readonly origin: string;
  readonly tool: string | null;
  readonly model: string | null;
  readonly extent: string | null;
  readonly evidence: string | null;
}

function toAnswer(line: string): string {
  const { origin, tool, model, extent, evidence } = JSON.parse(line) as BlameAnswer;
  return [origin, ...(origin === "ai" ? [`${tool}/${model}`, extent] : []), evidence ?? ""].join(" ").trim();
}

/** As `toAnswer` words it. */
function describeWriter(writer: Writer, program: AgentProgram): string {
  if (writer === "unknown") return "unknown";
  if (writer === "author") return "human observed";
  const model = modelOf(writer, program);
  return `ai ${program.tool}/${model} ${writer === "edited" ? "edited" : "generated"} observed`;
}
