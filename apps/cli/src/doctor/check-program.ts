// SPDX-License-Identifier: Apache-2.0
import { accessSync, constants } from "node:fs";
import { dirname, join } from "node:path";
import type { DoctorFinding } from "@countersign/core/render";
import { VERSION } from "../version.ts";
import type { DoctorPlace } from "./doctor-place.ts";

/** `engines` of the package. */
const LEAST_NODE = [22, 12] as const;
/** Programs that hooks start; they lie beside the command. */
const PARTS = ["countersign-record.mjs", "countersign-commit.cjs"];

/** The program itself and the Node that runs it. */
export async function checkProgram({ program }: DoctorPlace): Promise<readonly DoctorFinding[]> {
  const folder = dirname(program.command);
  const gone = PARTS.map((part) => join(folder, part)).filter((path) => !isReadable(path));
  const parts = gone.map((path): DoctorFinding => {
    const message = `${path} is not there, so nothing can be recorded`;
    return {
      check: "program",
      name: "countersign",
      level: "problem",
      message,
      fix: "install countersign again",
    };
  });
  return [checkNode(program.node), ...(parts.length > 0 ? parts : [whole(folder)])];
}

function checkNode(node: string): DoctorFinding {
  const version = process.versions.node;
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const isOld = major < LEAST_NODE[0] || (major === LEAST_NODE[0] && minor < LEAST_NODE[1]);
  const base = { check: "program", name: "Node" } as const;
  if (!isOld) return { ...base, level: "ok", message: `${version} at ${node}`, fix: null };
  const message = `${version} at ${node} is older than ${LEAST_NODE.join(".")}`;
  return { ...base, level: "problem", message, fix: "install a newer Node, then: countersign init" };
}

function whole(folder: string): DoctorFinding {
  return {
    check: "program",
    name: "countersign",
    level: "ok",
    message: `${VERSION} in ${folder}`,
    fix: null,
  };
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
