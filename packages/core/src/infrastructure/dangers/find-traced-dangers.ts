// SPDX-License-Identifier: Apache-2.0
import type { Danger } from "../resource.ts";
import { type Attribute, type ChangeView, describe } from "./change-view.ts";
import { deriveSettings } from "./derive-settings.ts";

/** Variables by which a runner writes all that a job is given to its log. */
const TRACES =
  /^(?:ci_debug_trace|ci_debug_services|actions_step_debug|actions_runner_debug|system[._]debug|runner_debug)$/;
const ON = /^(?:true|1|yes|on)$/i;
/** A shell that shows each command with what its variables hold. */
const SHOWN =
  /(?:^|[;&\n]\s*|^\s+)set\s+(?:-[a-z]*x[a-z]*|-o\s+xtrace)\b|\b(?:ba|z|da)?sh\s+-[a-z]*x[a-z]*\s/m;
const SECRET =
  /\bsecrets\.(?!GITHUB_TOKEN\b)|\$\{?\w{0,60}(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_KEY|CREDENTIAL)\w{0,20}\b/;

/** A pipeline whose log holds what it was given. */
export function findTracedDangers(view: ChangeView): readonly Danger[] {
  if (view.pair.after?.kind !== "workflow") return [];
  const traced = [...view.changes, ...deriveSettings(view)]
    .filter(({ path, name }) => TRACES.test(name) || /(?:^|\.)system\.debug$/.test(path))
    .filter(
      ({ before, after }) => after.some((text) => ON.test(text)) && !before.some((text) => ON.test(text)),
    );
  const wasShown = view.before.some(isShown);
  return [
    ...describe(
      "secret-exposed",
      "writes all that it is given to the log:",
      traced.map(({ path, after }) => `${path} = ${after.join(", ")}`),
    ),
    ...describe(
      "secret-exposed",
      "shows each command with its secrets:",
      wasShown ? [] : view.newTexts.filter(isShown).map(({ path }) => path),
    ),
  ];
}

function isShown({ text }: Attribute): boolean {
  const own = text.slice(0, 20_000);
  return SHOWN.test(own) && SECRET.test(own);
}
