// SPDX-License-Identifier: Apache-2.0
import { agent, author, base, type ExpectedFiles } from "../scenario/expected-line.ts";
import type { Step } from "../scenario/step.ts";
import type { ExpectedCommit, Story } from "../scenario/story.ts";

const NUMBERS = "src/numbers.ts";
const ONE = "src/one.ts";
const COLOURS = "src/colours.ts";
const FIRST_TITLE = "colours: what was asked for";
const SECOND_TITLE = "colours: a better name";
const LAST_TITLE = "colours: one more";

const STEPS: readonly Step[] = [
  {
    name: "create",
    act: {
      kind: "write",
      file: ONE,
      content:
        'export const red = "painted by the agent";\nexport const green = "a meadow that the agent saw";\n',
    },
  },
  {
    name: "edit and commit at once",
    author: [{ file: ONE, append: 'export const blue = "typed by the author";\n' }],
    act: {
      kind: "shell",
      command: [
        `printf 'export const black = "printed by a command";\\n' >> ${ONE}`,
        `sed -i 's/second = 2/second = 22/' ${NUMBERS}`,
        "git add -A",
        `git commit -q -m "${FIRST_TITLE}"`,
      ].join(" && "),
    },
  },
  {
    name: "amend",
    act: {
      kind: "shell",
      command: `sed -i 's/third = 3/third = 33/' ${NUMBERS} && git commit -q -a --amend --no-edit`,
    },
  },
  {
    name: "rename and format",
    act: { kind: "shell", command: `git mv ${ONE} ${COLOURS} && sed -i 's/^export/  export/' ${COLOURS}` },
  },
  { name: "read", act: { kind: "read", file: NUMBERS } },
  {
    name: "edit and stash",
    act: {
      kind: "edit",
      file: NUMBERS,
      old: "export const first = 1;\n",
      new: 'export const first = "edited, then stashed";\n',
    },
  },
  { name: "edit and stash", act: { kind: "shell", command: "git stash -q && git stash pop -q --index" } },
  {
    name: "squash",
    act: {
      kind: "shell",
      command: `git commit -q -a -m "to be squashed" && git reset -q --soft HEAD~1 && git commit -q -m "${SECOND_TITLE}"`,
    },
  },
  { name: "rebase", act: { kind: "shell", command: "git rebase -q --force-rebase HEAD~1" } },
];

const FIRST = base("export const first = 1;");
const SECOND = agent("edit and commit at once", "export const second = 22;");
const THIRD = agent("amend", "export const third = 33;");

const AMENDED: ExpectedFiles = {
  [NUMBERS]: [FIRST, SECOND, THIRD],
  [ONE]: [
    agent("create", 'export const red = "painted by the agent";'),
    agent("create", 'export const green = "a meadow that the agent saw";'),
    author("edit and commit at once", 'export const blue = "typed by the author";'),
    agent("edit and commit at once", 'export const black = "printed by a command";'),
  ],
};

const RENAMED: ExpectedFiles = {
  [NUMBERS]: [agent("edit and stash", 'export const first = "edited, then stashed";'), SECOND, THIRD],
  [COLOURS]: (AMENDED[ONE] ?? []).map((line) => ({
    ...line,
    step: "rename and format",
    text: `  ${line.text}`,
  })),
};

const EXTENDED: ExpectedFiles = {
  ...RENAMED,
  [COLOURS]: [
    ...(RENAMED[COLOURS] ?? []),
    // Nothing of an agent waits once what it committed is recorded, and then nobody looks.
    {
      step: "author's commit",
      writer: "unwatched",
      text: 'export const white = "typed by the author at the end";',
    },
  ],
};

const BEFORE: ExpectedFiles = {
  [NUMBERS]: [FIRST, base("export const second = 2;"), base("export const third = 3;")],
};

/** Commits that were made from others may be known by those only. */
const EVIDENCE: ExpectedCommit["evidence"] = ["observed", "derived"];
const made = { isAgents: true, state: "recorded", evidence: EVIDENCE } as const;
const first = { ...made, title: FIRST_TITLE, files: AMENDED, parent: BEFORE };
const second = { ...made, title: SECOND_TITLE, files: RENAMED, parent: AMENDED };

/** The agent uses Git as people do: commits within a command that edits, amends, renames, stashes, squashes and rebases. */
export const AT_GIT: Story = {
  name: "at-git",
  base: {
    [NUMBERS]: "export const first = 1;\nexport const second = 2;\nexport const third = 3;\n",
  },
  steps: STEPS,
  delegated: [],
  ending: {
    edit: { file: COLOURS, append: 'export const white = "typed by the author at the end";\n' },
    title: LAST_TITLE,
  },
  afterAgent: [
    { ...second, step: "rebase", commit: "HEAD" },
    { ...first, step: "amend", commit: "HEAD~1" },
  ],
  afterAuthor: [
    {
      step: "author's commit",
      commit: "HEAD",
      title: LAST_TITLE,
      isAgents: false,
      state: "cleared",
      files: EXTENDED,
      parent: RENAMED,
      evidence: EVIDENCE,
    },
    { ...second, step: "rebase", commit: "HEAD~1" },
    { ...first, step: "amend", commit: "HEAD~2" },
  ],
  columns: [
    "base",
    "create",
    "edit and commit at once",
    "amend",
    "rename and format",
    "edit and stash",
    "squash",
    "rebase",
    "author's commit",
  ],
};
