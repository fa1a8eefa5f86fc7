// SPDX-License-Identifier: Apache-2.0
import type { StepName } from "./step.ts";
import { APP, HELLO, MADE, NOTES } from "./steps.ts";

/** Who must stand behind a line. `edited`: the agent, and the author changed it afterwards. */
export type Writer = "agent" | "sub-agent" | "edited" | "author" | "unknown";

export interface ExpectedLine {
  /** The step that wrote it. */
  readonly step: StepName;
  readonly writer: Writer;
  readonly text: string;
}

export type ExpectedFiles = Readonly<Record<string, readonly ExpectedLine[]>>;

const base = (text: string): ExpectedLine => ({ step: "base", writer: "unknown", text });
const agent = (step: StepName, text: string): ExpectedLine => ({ step, writer: "agent", text });
const author = (step: StepName, text: string): ExpectedLine => ({ step, writer: "author", text });

const APP_LINES: readonly ExpectedLine[] = [
  agent("edit after author", 'export const VERSION = "set by the agent";'),
  base(""),
  base("export function add(a: number, b: number) {"),
  agent("edit", "  const sum = a + b;"),
  agent("edit", "  return sum;"),
  base("}"),
  base(""),
  base("export function subtract(a: number, b: number) {"),
  { step: "sub-agent", writer: "sub-agent", text: "  const difference = a - b;" },
  { step: "sub-agent", writer: "sub-agent", text: "  return difference;" },
  base("}"),
  agent("shell", "export const LIMIT = 20;"),
  author("edit after author", 'export const typed = "by the author, between two edits";'),
  author("failing edit", 'export const before = "the edit that fails";'),
  author("failing edit", 'export const after = "an edit that did not happen";'),
];

const HELLO_LINES: readonly ExpectedLine[] = [
  { step: "edit after author", writer: "edited", text: 'export const bye = "bye from the author";' },
  author("edit after author", 'export const wave = "typed below what the agent made";'),
];

const UNCHANGED: ExpectedFiles = {
  [APP]: APP_LINES,
  [MADE]: [
    agent("shell", 'export const made = "by a command";'),
    agent("failing shell", 'export const partial = "written before it failed";'),
  ],
  // No agent ever touched this file, so nobody saw how it came to be what it is.
  [NOTES]: [
    base("# Notes"),
    base(""),
    base("What was known before."),
    { step: "shell", writer: "unknown", text: "What the author adds meanwhile." },
  ],
};

/** Every line of every file, as the agent's own commit has them. */
export const AFTER_AGENT: ExpectedFiles = {
  ...UNCHANGED,
  [HELLO]: [agent("create", 'export const hello = "hello from the agent";'), ...HELLO_LINES],
};

/** And as the author's commit after it has them. */
export const AFTER_AUTHOR: ExpectedFiles = {
  ...UNCHANGED,
  [HELLO]: [
    agent("edit after commit", 'export const hello = "hello again from the agent";'),
    ...HELLO_LINES,
    author("author's commit", 'export const last = "typed before the author commits";'),
  ],
};
