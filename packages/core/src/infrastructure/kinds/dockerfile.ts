// SPDX-License-Identifier: Apache-2.0
import type { RepoPath } from "../../ids/index.ts";
import { type ConfigurationField, toLiteral, toObject, toProgram } from "../configuration-value.ts";
import type { ParsedConfiguration } from "../resource.ts";

const INSTRUCTION = /^\s*([A-Za-z]+)(?:[ \t]+|$)/;
const KNOWN =
  /^(?:add|arg|cmd|copy|entrypoint|env|expose|from|healthcheck|label|maintainer|onbuild|run|shell|stopsignal|user|volume|workdir)$/;
const HEREDOC = /<<-?(["']?)([A-Za-z_]\w{0,60})\1/g;

/** A Dockerfile or Containerfile: each instruction a field, in order (docs.docker.com/reference/dockerfile). */
export function parseDockerfile(text: string, path: RepoPath): ParsedConfiguration {
  const problems: string[] = [];
  const fields: ConfigurationField[] = [];
  const lines = text.split("\n");
  for (let at = 0; at < lines.length; ) {
    const { end, source } = readInstruction(lines, at);
    const [head = "", word = ""] = INSTRUCTION.exec(source) ?? [];
    const name = word.toLowerCase();
    if (KNOWN.test(name)) fields.push(toField(name, source.slice(head.length).trim(), [at + 1, end]));
    else if (source.trim() !== "" && problems.length < 20)
      problems.push(`line ${at + 1}: ${JSON.stringify(source.trim().slice(0, 40))} is no instruction`);
    at = end;
  }
  const last = Math.max(1, lines.at(-1) === "" ? lines.length - 1 : lines.length);
  const body = toProgram(fields);
  return {
    resources: [{ kind: "dockerfile", type: "Dockerfile", name: path, lines: [1, last], body }],
    problems,
  };
}

interface Instruction {
  /** Index behind its last line. */
  readonly end: number;
  readonly source: string;
}

/** Lines that a backslash joins, comments in between left out, and here-documents. */
function readInstruction(lines: readonly string[], start: number): Instruction {
  const parts: string[] = [];
  let at = start;
  for (let goesOn = true; goesOn && at < lines.length; at++) {
    const line = (lines[at] ?? "").replace(/\r$/, "");
    if (/^\s*(?:#|$)/.test(line)) {
      if (parts.length === 0) return { end: at + 1, source: "" };
      continue;
    }
    goesOn = /[\\`]\s*$/.test(line);
    parts.push(goesOn ? line.replace(/[\\`]\s*$/, "") : line);
  }
  const source = parts.join(" ");
  const words = /^\s*(?:run|copy|add)\b/i.test(source)
    ? [...source.matchAll(HEREDOC)].map(([, , word]) => word)
    : [];
  for (const word of words) {
    while (at < lines.length && lines[at]?.trim() !== word) parts.push(lines[at++] ?? "");
    at++;
  }
  return { end: Math.min(at, lines.length), source: words.length === 0 ? source : parts.join("\n") };
}

function toField(name: string, value: string, lines: readonly [number, number]): ConfigurationField {
  const isPairs = name === "env" || name === "arg" || name === "label";
  const pairs = isPairs ? readPairs(value, lines) : [];
  const plain = toLiteral(value.replace(/[ \t]+/g, " "));
  return { name, value: pairs.length > 0 ? toObject(pairs) : plain, lines };
}

const PAIR = /([\w.-]+)=("(?:[^"\\]|\\.)*"|'[^']*'|(?:[^\s\\]|\\.)*)/gs;

/** `ENV key=value …`, and the old form without an equals sign. */
function readPairs(value: string, lines: readonly [number, number]): readonly ConfigurationField[] {
  const pairs = [...value.matchAll(PAIR)].map(([, name = "", text = ""]) => ({
    name,
    value: toLiteral(text.replace(/^(["'])(.*)\1$/s, "$2")),
    lines,
  }));
  if (pairs.length > 0) return pairs;
  const [, name, text = ""] = /^([\w.-]+)(?:\s+(.*))?$/s.exec(value) ?? [];
  return name === undefined ? [] : [{ name, value: toLiteral(text), lines }];
}
