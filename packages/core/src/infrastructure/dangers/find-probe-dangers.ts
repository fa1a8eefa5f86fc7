// SPDX-License-Identifier: Apache-2.0
import { type ConfigurationValue, fieldsOf, objectsIn, textsOf } from "../configuration-value.ts";
import type { Danger, DeclaredResource } from "../resource.ts";
import { type ChangeView, describe, toSnake } from "./change-view.ts";

const PROBES = /^(?:readiness_probe|liveness_probe|startup_probe|health_?check)$/;
const NOTHING =
  /^(?:cmd(?:-shell)?\s+)?(?:\[\s*)?(?:(?:\/usr)?(?:\/bin\/)?(?:ba|da|a)?sh[\s",]+-\w*c[\s",]+)?["']?(?:(?:\/usr)?(?:\/bin\/)?true|:|exit 0|echo\b[^&|;]*|sleep \d+)["']?\s*\]?$/i;
const FORGIVEN = /(?:\|\||;)\s*(?:true|exit 0|:)["']?\s*\]?$/;

/** A probe that succeeds whatever the program does: what is broken gets traffic, and is not started anew. */
export function findProbeDangers({ pair: { before, after }, changes }: ChangeView): readonly Danger[] {
  if (before === null || after === null || !changes.some(({ name }) => name === "command")) return [];
  const known = new Set(commandsOf(before));
  return describe(
    "failover-changed",
    "always succeeds:",
    commandsOf(after).filter((text) => !known.has(text) && isIdle(text)),
  );
}

function isIdle(text: string): boolean {
  return NOTHING.test(text) || FORGIVEN.test(text);
}

/** What probes run, a line each. */
function commandsOf({ body }: DeclaredResource): readonly string[] {
  return objectsIn(body)
    .flatMap(({ fields }) => fields.filter(({ name }) => PROBES.test(toSnake(name))))
    .flatMap(({ value }) => [value, ...value.items])
    .flatMap((probe) => [...fieldsOf(probe, "command"), ...fieldsOf(probe, "exec").flatMap(executed)])
    .map((command) => textsOf(command).join(" "));
}

function executed(exec: ConfigurationValue): readonly ConfigurationValue[] {
  return [exec, ...exec.items].flatMap((each) => fieldsOf(each, "command"));
}
