// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { AgentEvent } from "@countersign/core/attribution";
import { readEvent } from "./read-event.ts";

const TESTDATA = fileURLToPath(new URL("../testdata/", import.meta.url));
/** Home folder in every recorded payload. */
const RECORDED_HOME = "/users/dev";

export interface Recorded {
  readonly event: string;
  readonly payload: Record<string, unknown>;
}

export interface Replayed extends Recorded {
  readonly read: AgentEvent | undefined;
}

export function recorded(capture: string): readonly Recorded[] {
  const text = readFileSync(join(TESTDATA, capture, "events.jsonl"), "utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Recorded);
}

export function recordedFile(capture: string, name: string): string {
  return readFileSync(join(TESTDATA, capture, name), "utf8");
}

/** A home folder with these files in it, given relative to it; removed by `using`. */
export function temporaryHome(
  files: Readonly<Record<string, string>> = {},
): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), "agents-"));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), content);
  }
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** Reads one payload as the hook of `tool` would, in `home` in place of the recorded one. */
export function readPayload(
  tool: string,
  payload: unknown,
  home = "/nowhere",
  environment: Readonly<Record<string, string>> = {},
): Promise<AgentEvent | undefined> {
  const text = JSON.stringify(payload).replaceAll(RECORDED_HOME, home);
  return readEvent({ tool, payload: text, environment, cwd: "/repo", home });
}

/** Reads every payload of a recorded run in order, with its transcripts in place. */
export async function replay(
  tool: string,
  capture: string,
  transcripts: Readonly<Record<string, string>> = {},
  environment: Readonly<Record<string, string>> = {},
): Promise<readonly Replayed[]> {
  const files = Object.entries(transcripts).map(([to, from]) => [to, recordedFile(capture, from)]);
  using home = temporaryHome(Object.fromEntries(files));
  const replayed: Replayed[] = [];
  for (const one of recorded(capture))
    replayed.push({ ...one, read: await readPayload(tool, one.payload, home.path, environment) });
  return replayed;
}

/** One line for each event of interest: what a reader of the test compares. */
export function outline(replayed: readonly Replayed[]): readonly string[] {
  const calls = new Map<string, number>();
  return replayed.flatMap(({ event, read }) => {
    if (!read) return [];
    if (read.callKey !== "" && !calls.has(read.callKey)) calls.set(read.callKey, calls.size + 1);
    const call = read.callKey === "" ? "-" : `${calls.get(read.callKey)}`;
    const who = read.subAgent === null ? "main" : "sub";
    const files = read.files.map(({ path }) => path).join(",");
    return [
      `${event} ${read.phase}${read.isFinal ? "!" : ""} ${read.action} #${call} ${who} ${files} ${read.model ?? "?"}`,
    ];
  });
}
