// SPDX-License-Identifier: Apache-2.0
import { join } from "node:path";
import { appendToLedger, collectUnlogged, initLedger, openLedger } from "@countersign/audit";
import { formatVerifierKey } from "@countersign/core/ledger";
import { createNoteKey, type NoteSigner } from "@countersign/store";
import { createTemporaryFolder } from "@countersign/testkit";
import { createScenario, NOW, type Scenario, type ScenarioOptions } from "./gate-scenario.fixture.ts";
import { openOnce } from "./open-once.fixture.ts";

/** A scenario whose policy names a ledger. */
export interface LoggedScenario extends Scenario {
  /** Folder of the ledger. */
  readonly dir: string;
  readonly signer: NoteSigner;
  readonly witness: NoteSigner;
  /** Logs what is not logged yet, at this time by the log's clock; returns how many entries that were. */
  readonly log: (at?: number) => Promise<number>;
}

export interface LedgerOptions extends ScenarioOptions {
  readonly isRequired?: boolean;
  readonly isWitnessed?: boolean;
}

export async function createLoggedScenario(options: LedgerOptions = {}): Promise<LoggedScenario> {
  // The key has to be known before the policy that names it is committed, and the repository before the folder is.
  const keys = await createTemporaryFolder("countersign-log");
  const signer = createNoteKey(join(keys.path, "ledger"), "git.example/team/project");
  const witness = createNoteKey(join(keys.path, "witness"), "witness.example/w1", "cosignature");
  const lines = [
    "repository: https://git.example/team/project",
    "ledger:",
    `  verifierKey: "${formatVerifierKey(signer.key)}"`,
    `  required: ${options.isRequired ?? true}`,
    ...(options.isWitnessed === true ? [`  witnesses: ["${formatVerifierKey(witness.key)}"]`] : []),
  ];
  const scenario = await createScenario({ ...options, head: `${lines.join("\n")}\n` });
  const dir = join(keys.path, "ledger");
  await initLedger(dir, undefined);
  return {
    ...scenario,
    dir,
    signer,
    witness,
    gate: (gate) => scenario.gate({ ledgerDir: dir, ...gate }),
    log: async (at = NOW - 1800) => {
      const repository = await openOnce(scenario.repo);
      // A log's operator remembers nothing that could give them away.
      const ledger = await openLedger({ dir });
      const { pieces } = await collectUnlogged(
        repository,
        async (name) => (await ledger.find(name)) !== undefined,
      );
      let count = 0;
      for await (const _ of appendToLedger({ dir }, pieces, () => at)) count += 1;
      return count;
    },
    [Symbol.asyncDispose]: async () => {
      await scenario[Symbol.asyncDispose]();
      await keys.remove();
    },
  };
}
