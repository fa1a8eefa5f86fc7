// SPDX-License-Identifier: Apache-2.0
import { accessSync, constants, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { AgentError } from "../agent-error.ts";
import { fileTrouble } from "./file-trouble.ts";

const MAX_CONFIG = 16 * 1024 * 1024;

/** How plans see the world: what stands in configuration files now. */
export interface ConfigReader {
  /** Undefined: no such file. Throws AgentError CONFIG_MALFORMED if it is not UTF-8, for then it could not be written back. */
  readonly read: (path: string) => string | undefined;
  /** Names in a folder, sorted; none if there is no such folder. */
  readonly list: (folder: string) => readonly string[];
  readonly exists: (path: string) => boolean;
  readonly isProgram: (path: string) => boolean;
}

export const diskReader: ConfigReader = { read: readText, list: listNames, exists: existsSync, isProgram };

function readText(path: string): string | undefined {
  let bytes: Buffer;
  try {
    const stat = statSync(path);
    // A pipe would keep us waiting, and a device would be replaced by a file.
    if (!stat.isFile() && !stat.isDirectory())
      throw new AgentError("CONFIG_UNSUPPORTED", `${path} is a pipe or a device; expected a file`);
    if (stat.size > MAX_CONFIG) throw new AgentError("CONFIG_UNSUPPORTED", `${path} is larger than 16 MiB`);
    bytes = readFileSync(path);
  } catch (error) {
    if (error instanceof AgentError) throw error;
    if (isMissing(error)) return undefined;
    throw new AgentError("CONFIG_UNWRITABLE", `${path} cannot be read: ${fileTrouble(error)}`, {
      cause: error,
    });
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new AgentError("CONFIG_MALFORMED", `${path} is not UTF-8`, { cause: error });
  }
}

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "ENOENT" || code === "ENOTDIR";
}

function listNames(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
