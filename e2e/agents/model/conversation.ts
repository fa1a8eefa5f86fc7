// SPDX-License-Identifier: Apache-2.0

/** One request to the model, in a form of no protocol. */
export interface Conversation {
  readonly model: string;
  readonly tools: readonly OfferedTool[];
  /** Results of tool calls that are in the request: which step comes next follows from it alone. */
  readonly results: number;
  readonly isDelegated: boolean;
}

export interface OfferedTool {
  readonly name: string;
  /** Where the protocol groups tools. */
  readonly namespace?: string;
  /** Undefined for a tool that takes free text. */
  readonly schema?: JsonSchema;
}

/** As much of JSON Schema as agents use to describe arguments. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly enum?: readonly string[];
  readonly items?: JsonSchema;
}

/** What the model answers: words, and one call at most. */
export interface ModelTurn {
  readonly text: string;
  readonly call?: ToolCall;
}

export interface ToolCall {
  readonly tool: OfferedTool;
  /** Free text for a tool without a schema. */
  readonly input: Readonly<Record<string, unknown>> | string;
}

/** Decides the next turn; resolves when the agent may go on. */
export type Play = (conversation: Conversation) => Promise<ModelTurn>;
