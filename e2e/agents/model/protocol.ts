// SPDX-License-Identifier: Apache-2.0
import type { ServerResponse } from "node:http";
import type { Conversation, ModelTurn } from "./conversation.ts";
import type { Json } from "./wire.ts";

export interface ModelRequest {
  /** Path of the request, without its query. */
  readonly path: string;
  readonly body: Json;
}

/** One of the protocols that agents speak with models. */
export interface Protocol {
  readonly isFor: (path: string) => boolean;
  readonly readConversation: (request: ModelRequest) => Conversation;
  readonly sendTurn: (response: ServerResponse, turn: ModelTurn, request: ModelRequest) => void;
}
