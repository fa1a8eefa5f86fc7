// SPDX-License-Identifier: Apache-2.0
import { agent, author, base, type ExpectedFiles, type ExpectedLine } from "../scenario/expected-line.ts";
import type { Act, Step } from "../scenario/step.ts";
import { DELEGATED, type Story } from "../scenario/story.ts";

const APP = "src/app.ts";
const HELLO = "src/hello.ts";
const MADE = "src/made.ts";
const NOTES = "notes.md";

const BASE: Readonly<Record<string, string>> = {
  [APP]: `export const VERSION = 1;

export function add(a: number, b: number) {
  return a + b;
}

export function subtract(a: number, b: number) {
  return a - b;
}
export const LIMIT = 10;
`,
  [NOTES]: "# Notes\n\nWhat was known before.\n",
};

const AGENT_TITLE = "app: what the agent was asked for";
const AUTHOR_TITLE = "app: the rest, by the author";

const STEPS: readonly Step[] = [
  {
    name: "create",
    act: {
      kind: "write",
      file: HELLO,
      content: 'export const hello = "hello from the agent";\nexport const bye = "bye from the agent";\n',
    },
  },
  // Several agents refuse to edit what they have not read.
  { name: "read", act: { kind: "read", file: APP } },
  {
    name: "edit",
    act: {
      kind: "edit",
      file: APP,
      old: "  return a + b;\n",
      new: "  const sum = a + b;\n  return sum;\n",
    },
  },
  {
    name: "read",
    author: [
      { file: APP, append: 'export const typed = "by the author, between two edits";\n' },
      { file: HELLO, old: '"bye from the agent"', new: '"bye from the author"' },
      { file: HELLO, append: 'export const wave = "typed below what the agent made";\n' },
    ],
    act: { kind: "read", file: APP },
  },
  {
    name: "edit after author",
    act: {
      kind: "edit",
      file: APP,
      old: "export const VERSION = 1;\n",
      new: 'export const VERSION = "set by the agent";\n',
    },
  },
  {
    name: "shell",
    author: [{ file: NOTES, append: "What the author adds meanwhile.\n" }],
    act: {
      kind: "shell",
      command: `sed -i 's/LIMIT = 10/LIMIT = 20/' ${APP} && printf 'export const made = "by a command";\\n' > ${MADE}`,
    },
  },
  {
    name: "failing edit",
    author: [{ file: APP, append: 'export const before = "the edit that fails";\n' }],
    act: { kind: "edit", file: APP, old: "text that stands nowhere\n", new: "text that must not come\n" },
  },
  {
    name: "failing shell",
    author: [{ file: APP, append: 'export const after = "an edit that did not happen";\n' }],
    act: {
      kind: "shell",
      command: `printf 'export const partial = "written before it failed";\\n' >> ${MADE}; exit 3`,
    },
  },
  {
    name: "sub-agent",
    act: { kind: "delegate", task: `${DELEGATED}: give the difference in ${APP} a name` },
  },
  {
    name: "agent's commit",
    act: { kind: "shell", command: `git add -A && git commit -q -m "${AGENT_TITLE}"` },
  },
  { name: "read", act: { kind: "read", file: HELLO } },
  {
    name: "edit after commit",
    act: {
      kind: "edit",
      file: HELLO,
      old: 'export const hello = "hello from the agent";\n',
      new: 'export const hello = "hello again from the agent";\n',
    },
  },
];

const DELEGATED_ACTS: readonly Act[] = [
  { kind: "read", file: APP },
  {
    kind: "edit",
    file: APP,
    old: "  return a - b;\n",
    new: "  const difference = a - b;\n  return difference;\n",
  },
];

const LAST_EDIT = { file: HELLO, append: 'export const last = "typed before the author commits";\n' };

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

const AFTER_AGENT: ExpectedFiles = {
  ...UNCHANGED,
  [HELLO]: [agent("create", 'export const hello = "hello from the agent";'), ...HELLO_LINES],
};

const AFTER_AUTHOR: ExpectedFiles = {
  ...UNCHANGED,
  [HELLO]: [
    agent("edit after commit", 'export const hello = "hello again from the agent";'),
    ...HELLO_LINES,
    author("author's commit", 'export const last = "typed before the author commits";'),
  ],
};

const BEFORE: ExpectedFiles = {
  [APP]: APP_LINES.filter(({ step }) => step === "base"),
  [NOTES]: (UNCHANGED[NOTES] ?? []).filter(({ step }) => step === "base"),
};
const AGENTS = {
  commit: "HEAD",
  title: AGENT_TITLE,
  isAgents: true,
  state: "recorded",
  evidence: ["observed"],
} as const;
const AUTHORS = {
  commit: "HEAD",
  title: AUTHOR_TITLE,
  isAgents: false,
  state: "recorded",
  evidence: ["observed"],
} as const;

/** An agent and its author take turns at some files; the agent commits, goes on, and the author commits the rest. */
export const WORKING_DAY: Story = {
  name: "working-day",
  base: BASE,
  steps: STEPS,
  delegated: DELEGATED_ACTS,
  ending: { edit: LAST_EDIT, title: AUTHOR_TITLE },
  // At once, before a later commit could make good what this one lacks.
  afterAgent: [{ ...AGENTS, step: "agent's commit", files: AFTER_AGENT, parent: BEFORE }],
  afterAuthor: [
    { ...AGENTS, step: "agent's commit", commit: "HEAD~1", files: AFTER_AGENT, parent: BEFORE },
    { ...AUTHORS, step: "author's commit", files: AFTER_AUTHOR, parent: AFTER_AGENT },
  ],
  columns: [
    "base",
    "create",
    "edit",
    "edit after author",
    "shell",
    "failing edit",
    "failing shell",
    "sub-agent",
    "agent's commit",
    "edit after commit",
    "author's commit",
  ],
};
