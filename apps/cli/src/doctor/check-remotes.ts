// SPDX-License-Identifier: Apache-2.0
import { type DoctorFinding, shellWord } from "@countersign/core/render";
import {
  compareMirrors,
  findUnshared,
  LEDGER_REF,
  listRemotes,
  readSettings,
  SHARED_EVIDENCE,
  SHARED_NOTES,
  SHARED_RECORDS,
  type SharedRef,
} from "@countersign/git";
import { evidenceRefspecs } from "../hooks/install-client-hooks.ts";
import { type DoctorPlace, INSTALL } from "./doctor-place.ts";

const SHARED: readonly SharedRef[] = [SHARED_EVIDENCE, SHARED_RECORDS, SHARED_NOTES];

/** Whether evidence, records and notes come with a fetch and have gone with a push. Asks no network. */
export async function checkRemotes({ repository }: DoctorPlace): Promise<readonly DoctorFinding[]> {
  const remotes = await listRemotes(repository);
  if (remotes.length === 0) {
    const message = "there is none; what is recorded stays in this clone";
    return [{ check: "remote", name: "remotes", level: "ok", message, fix: null }];
  }
  const refspecs = await evidenceRefspecs(repository);
  const unshared = await Promise.all(remotes.map((remote) => findUnshared(repository, remote, SHARED)));
  // What one remote has is safe, and on its way to the others.
  const nowhere = SHARED.filter((shared) => unshared.every((refs) => refs.includes(shared)));
  const rows: DoctorFinding[] = [];
  for (const remote of remotes) {
    const key = `remote.${remote}.fetch`;
    const present = await readSettings(repository, key);
    const wanted = refspecs.filter(([name]) => name === key).map(([, value]) => value);
    rows.push(toFinding(remote, present, wanted));
  }
  const states = await Promise.all(remotes.map((remote) => compareMirrors(repository, remote)));
  const isAhead = states.every((state) => state === "ahead");
  const apart = remotes.filter((_, i) => states[i] === "apart");
  const unsharedRefs = [...nowhere.map(({ ref }) => ref), ...(isAhead ? [LEDGER_REF] : [])];
  return [...rows, ...unsharedRefs.map((ref) => toUnshared(ref, remotes)), ...apart.map(toApart)];
}

function toApart(remote: string): DoctorFinding {
  const message = `${LEDGER_REF} here and on ${remote} do not continue each other: one was rewound or rewritten, or two mirrors went on from one state`;
  return {
    check: "remote",
    name: LEDGER_REF,
    level: "problem",
    message,
    fix: "countersign ledger mirror (where the log itself is)",
  };
}

function toFinding(remote: string, present: readonly string[], wanted: readonly string[]): DoctorFinding {
  const base = { check: "remote", name: remote } as const;
  if (present.length === 0)
    return {
      ...base,
      level: "warning",
      message: "fetches nothing by itself, so neither does it bring evidence and records",
      fix: `countersign evidence fetch ${shellWord(remote)}`,
    };
  const missing = wanted.filter((value) => !present.includes(value));
  if (missing.length === 0)
    return { ...base, level: "ok", message: "a fetch brings evidence, records and notes", fix: null };
  const names = missing.map((value) => value.slice(1).split("*:", 1)[0]).join(", ");
  return { ...base, level: "problem", message: `a fetch does not bring ${names}`, fix: INSTALL };
}

function toUnshared(ref: string, remotes: readonly string[]): DoctorFinding {
  const remote = remotes.includes("origin") ? "origin" : (remotes[0] ?? "origin");
  return {
    check: "remote",
    name: ref,
    level: "warning",
    message: "this clone has something that no remote had when it was last asked",
    fix: `countersign evidence push ${shellWord(remote)}`,
  };
}
