// SPDX-License-Identifier: Apache-2.0
import { join } from "node:path";
import { formatVerifierKey } from "@countersign/core/ledger";
import { createNoteKey } from "@countersign/store";
import { createTemporaryFolder } from "@countersign/testkit";
import { openOnce } from "../../../gate/src/threats/open-once.fixture.ts";
import { appendToLedger } from "../append-to-ledger.ts";
import { collectUnlogged } from "../collect-unlogged.ts";
import { initLedger } from "../init-ledger.ts";
import { openLedger } from "../open-ledger.ts";
import { createDeployScenario, type DeployScenario, NOW } from "./deploy-scenario.fixture.ts";

/** A project that deploys, and whose policy names a ledger. */
export interface LoggedDeploys extends DeployScenario {
  readonly dir: string;
  /** Logs what is not logged yet, at this time by the log's clock. */
  readonly log: (at?: number) => Promise<void>;
}

export async function createLoggedDeploys(
  options: { readonly isRequired?: boolean; readonly policy?: string } = {},
): Promise<LoggedDeploys> {
  const keys = await createTemporaryFolder("countersign-log");
  const dir = join(keys.path, "ledger");
  const { key } = createNoteKey(dir, "git.example/team/project");
  const ledger = `ledger: { verifierKey: "${formatVerifierKey(key)}", required: ${options.isRequired ?? true} }\n`;
  const scenario = await createDeployScenario({ policy: `${ledger}${options.policy ?? ""}`, ledgerDir: dir });
  await initLedger(dir, undefined);
  return {
    ...scenario,
    dir,
    log: async (at = NOW - 1800) => {
      const repository = await openOnce(scenario.repo);
      const known = await openLedger({ dir });
      const { pieces } = await collectUnlogged(
        repository,
        async (name) => (await known.find(name)) !== undefined,
      );
      for await (const _ of appendToLedger({ dir }, pieces, () => at));
    },
    [Symbol.asyncDispose]: async () => {
      await scenario[Symbol.asyncDispose]();
      await keys.remove();
    },
  };
}
