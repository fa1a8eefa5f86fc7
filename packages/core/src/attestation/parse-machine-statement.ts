// SPDX-License-Identifier: Apache-2.0
import { CoreError } from "../ids/index.ts";
import { ASSISTANCE_PREDICATE_TYPE, type AssistanceStatement, parseAssistance } from "./assistance-v0.1.ts";
import { DEPLOYMENT_PREDICATE_TYPE, type DeploymentStatement, parseDeployment } from "./deployment-v0.1.ts";
import { GATE_VERDICT_PREDICATE_TYPE } from "./gate-verdict-v0.1.ts";
import type { RawStatement } from "./statement.ts";
import { parseVerdictStatement, SVR_PREDICATE_TYPE, type VerdictStatement } from "./verdict-statement.ts";
import { parseSummary, type SummaryStatement, VSA_PREDICATE_TYPE } from "./verification-summary.ts";

/** Everything that machines say in this version. */
export type MachineStatementBody =
  | VerdictStatement
  | DeploymentStatement
  | AssistanceStatement
  | SummaryStatement;

/**
 * The statement of a machine, told apart by `predicateType`. Throws CoreError STATEMENT_MALFORMED, or PREDICATE_UNKNOWN for
 * types this version does not know, a person's statement among them: keep it, never count it.
 */
export function parseMachineStatement(statement: RawStatement): MachineStatementBody {
  switch (statement.predicateType) {
    case SVR_PREDICATE_TYPE:
    case GATE_VERDICT_PREDICATE_TYPE:
      return parseVerdictStatement(statement);
    case DEPLOYMENT_PREDICATE_TYPE:
      return parseDeployment(statement);
    case ASSISTANCE_PREDICATE_TYPE:
      return parseAssistance(statement);
    case VSA_PREDICATE_TYPE:
      return parseSummary(statement);
    default: {
      const type = JSON.stringify(statement.predicateType);
      throw new CoreError("PREDICATE_UNKNOWN", `${type} is no type that a machine says here`);
    }
  }
}
