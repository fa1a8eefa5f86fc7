// SPDX-License-Identifier: Apache-2.0

/** One coding agent, or one of its modes, as it is driven here. */
export interface AgentProgram {
  /** Row of the result and argument of the command. */
  readonly name: string;
  /** Name that its evidence must carry. */
  readonly tool: string;
  /** Folder of the installation; modes of one agent share it. */
  readonly install: string;
  /** npm packages and their exact versions. */
  readonly packages: Readonly<Record<string, string>>;
  /** Packages of another installation, in the folder COMPANIONS of the first. */
  readonly companions?: Readonly<Record<string, string>>;
  /** Name in the installation's `node_modules/.bin`. */
  readonly binary: string;
  /** Packages whose install scripts must run. */
  readonly scripts?: readonly string[];
  /** The model it is told to use. */
  readonly model: string;
  /** Model that its evidence must carry. */
  readonly recordedModel: string;
  /** Model that the evidence of its sub-agent must carry; null where nobody can know it in time. */
  readonly subAgentModel: string | null;
  /** Kind of sub-agent to ask for, where the tool does not list any. */
  readonly subAgentType: string;
  /** What the message of a commit that the agent makes must say, where that is not our trailer; see each agent's reason. */
  readonly ownCommitClaims?: readonly string[];
  /** What it may write into the message of its own commits beside ours. */
  readonly ownCommitExtras?: readonly string[];
  /** What the record of a commit that the agent makes must own up to, where not nothing; see each agent's reason. */
  readonly ownCommitGaps?: readonly string[];
  /** Writes the configuration that its user would have, before anything of ours is installed. */
  readonly setUp: (place: AgentPlace) => Promise<void>;
  readonly environment: (place: AgentPlace) => Readonly<Record<string, string>>;
  readonly arguments: (place: AgentPlace) => readonly string[];
}

/** Where one agent runs: nothing of it is shared with another, or with the machine's user. */
export interface AgentPlace {
  readonly home: string;
  readonly workTree: string;
  /** The scripted model. */
  readonly url: string;
  /** Root of the installation. */
  readonly installed: string;
  /** Absolute path of the program. */
  readonly program: string;
  /** Environment that every program gets here. */
  readonly bare: Readonly<Record<string, string>>;
  /** Folder for logs. */
  readonly log: string;
}

export const COMPANIONS = "companions";
export const PROMPT = "Please do the scripted task.";
