// SPDX-License-Identifier: Apache-2.0
import type { AgentPlace, AgentProgram } from "../programs/agent-program.ts";
import type { Writer } from "../scenario/expected-line.ts";
import type { ExpectedCommit } from "../scenario/story.ts";
import type { Failure } from "./failure.ts";
import { modelOf } from "./model-of.ts";
import { runCountersign, runGit } from "./run-countersign.ts";

/** Asks `countersign blame` for every line of every file of a commit. */
export async function checkLines(
  program: AgentProgram,
  place: AgentPlace,
  expected: ExpectedCommit,
): Promise<readonly Failure[]> {
  const { commit, files } = expected;
  const failures: Failure[] = [];
  const paths = (await runGit(place, ["ls-tree", "-r", "--name-only", commit])).trimEnd().split("\n");
  for (const path of paths.filter((one) => files[one] === undefined))
    failures.push({ step: "base", message: `${commit}: ${path} should not be there` });
  for (const path of Object.keys(files)) failures.push(...(await checkFile(program, place, expected, path)));
  return failures;
}

async function checkFile(
  program: AgentProgram,
  place: AgentPlace,
  { commit, files, evidence }: ExpectedCommit,
  path: string,
): Promise<readonly Failure[]> {
  const lines = files[path] ?? [];
  const text = await runGit(place, ["show", `${commit}:${path}`]).catch(() => "");
  const blame = await runCountersign(place, ["blame", "--json", "--rev", commit, path]).catch(String);
  const found = blame.startsWith("{") ? blame.trimEnd().split("\n").map(toAnswer) : [];
  const contents = text.split("\n").slice(0, -1);
  const failures = lines.flatMap((line, index): readonly Failure[] => {
    const actual = contents[index] === line.text ? (found[index] ?? blame) : "(not this line)";
    const wanted = describeWriter(line.writer, program, evidence);
    if (wanted.includes(actual)) return [];
    const message = `${commit} ${path}:${index + 1}: ${wanted.join(" or ")} expected, ${actual} found: ${contents[index] ?? line.text}`;
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

/** The answers, as `toAnswer` words them, that are right for this writer. */
function describeWriter(
  writer: Writer,
  program: AgentProgram,
  evidence: ExpectedCommit["evidence"],
): readonly string[] {
  if (writer === "unknown") return ["unknown"];
  if (writer === "unwatched") return ["unknown", ...evidence.map((grade) => `human ${grade}`)];
  if (writer === "author") return evidence.map((grade) => `human ${grade}`);
  const who = `ai ${program.tool}/${modelOf(writer, program)} ${writer === "edited" ? "edited" : "generated"}`;
  return evidence.map((grade) => `${who} ${grade}`);
}
