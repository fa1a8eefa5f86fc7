// SPDX-License-Identifier: Apache-2.0
import { AgentError } from "../agent-error.ts";

/** What is wrong in a file is of no use to anybody without the file's name. */
export function namingFile<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof AgentError) || error.message.includes(path)) throw error;
    throw new AgentError(error.code, `${path}: ${error.message}`, { cause: error });
  }
}
