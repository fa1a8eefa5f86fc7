// SPDX-License-Identifier: Apache-2.0
import type { Act, Step } from "./step.ts";

/** In the task of every sub-agent; a conversation that holds it is a sub-agent's. */
export const DELEGATED = "DELEGATED-TASK";

export const APP = "src/app.ts";
export const HELLO = "src/hello.ts";
export const MADE = "src/made.ts";
export const NOTES = "notes.md";

/** Committed by the author before the recorder is installed. */
export const BASE: Readonly<Record<string, string>> = {
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

export const AGENT_TITLE = "app: what the agent was asked for";
export const AUTHOR_TITLE = "app: the rest, by the author";

/** One conversation of the main agent, in order; each step is one call of one tool. */
export const STEPS: readonly Step[] = [
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

/** The sub-agent's conversation. */
export const DELEGATED_ACTS: readonly Act[] = [
  { kind: "read", file: APP },
  {
    kind: "edit",
    file: APP,
    old: "  return a - b;\n",
    new: "  const difference = a - b;\n  return difference;\n",
  },
];

/** Typed when the agent is gone, right before the author commits. */
export const LAST_EDIT = { file: HELLO, append: 'export const last = "typed before the author commits";\n' };
