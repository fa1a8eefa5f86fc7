// SPDX-License-Identifier: Apache-2.0
import type { ConfigurationValue } from "../configuration-value.ts";
import type { InfrastructureKind, ResourceAction } from "../resource.ts";

/** One resource of a plan with its values on both sides, secrets left out; a side that is not there is null. */
export interface PlannedStep {
  readonly address: string;
  readonly kind: InfrastructureKind;
  readonly type: string;
  readonly name: string;
  readonly action: ResourceAction;
  readonly before: ConfigurationValue | null;
  readonly after: ConfigurationValue | null;
  readonly unknown: readonly string[];
  /** Top-level attributes that differ, sorted; told before anything was hidden. */
  readonly attributes: readonly string[];
  /** Those of them whose value the tool calls secret, sorted. */
  readonly hidden: readonly string[];
}

export interface ReadSteps {
  readonly steps: readonly PlannedStep[];
  readonly problems: readonly string[];
}
