// SPDX-License-Identifier: Apache-2.0
import { type ConfigurationValue, flattenValue, objectsIn } from "../configuration-value.ts";
import type { Danger, DeclaredResource } from "../resource.ts";
import { type ChangeView, describe, toSnake } from "./change-view.ts";

const CONDITIONS = /^(?:if|condition|when)$/;
/** Holds whatever happened before. */
const FORCED =
  /\balways\s*\(\s*\)|\bsucceededOrFailed\s*\(|!\s*cancell?ed\s*\(|\bnot\s*\(\s*canceled\s*\(|^always$/i;
/** Says of which branch or repository the code has to be. */
const BOUND =
  /github\.(?:ref|ref_name|base_ref|repository|event\.repository)\b[^|\n]{0,40}==|refs\/(?:heads|tags)\/|CI_COMMIT_(?:BRANCH|REF_NAME|REF_PROTECTED|TAG)|Build\.SourceBranch|Build\.Reason|pipeline\.git\.branch/;
const COMMANDS = /^(?:run|script|bash|sh|pwsh|powershell|uses|task|command|inline_script|template)$/;
const DELIVERS =
  /deploy|publish|releas|promot|terraform\s+apply|pulumi\s+up|kubectl\s+apply|helm\s+upgrade|docker\s+push|npm\s+publish|twine\s+upload/i;

/** What delivers even where the tests before it failed, or code of any branch. */
export function findConditionDangers({ pair: { before, after } }: ChangeView): readonly Danger[] {
  if (before === null || after?.kind !== "workflow") return [];
  const [old, now] = [conditionsOf(before), conditionsOf(after)];
  const isMore = (pattern: RegExp) => count(now, pattern) > count(old, pattern);
  const lost = old.filter((text) => BOUND.test(text) && !now.includes(text));
  return [
    ...describe(
      "protection-off",
      "runs whatever happened before:",
      isMore(FORCED) ? now.filter((text) => FORCED.test(text) && !old.includes(text)) : [],
    ),
    ...describe(
      "protection-off",
      "no longer asks whose code it is:",
      count(now, BOUND) < count(old, BOUND) ? lost : [],
    ),
  ];
}

const count = (texts: readonly string[], pattern: RegExp) =>
  texts.filter((text) => pattern.test(text)).length;

/** Conditions of what delivers. */
function conditionsOf({ body }: DeclaredResource): readonly string[] {
  return objectsIn(body).flatMap((each) => {
    const own = each.fields.filter(({ name, value }) => CONDITIONS.test(name) && value.literal !== null);
    return own.length > 0 && isDelivery(each) ? own.map(({ value }) => value.literal ?? "") : [];
  });
}

function isDelivery(job: ConfigurationValue): boolean {
  return (
    job.fields.some(({ name }) => /^(?:environment|deployment)$/.test(name)) ||
    flattenValue(job).some(
      ({ name, path, text }) =>
        (COMMANDS.test(toSnake(name)) && DELIVERS.test(text.slice(0, 5000))) ||
        /(?:^|\.)deployment$/.test(path),
    )
  );
}
