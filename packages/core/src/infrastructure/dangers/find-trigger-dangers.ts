// SPDX-License-Identifier: Apache-2.0
import { literalOf, objectsIn } from "../configuration-value.ts";
import type { Danger, DeclaredResource } from "../resource.ts";
import { type AttributeChange, type ChangeView, describe, formatChange } from "./change-view.ts";

/** What a webhook of CodeBuild asks of an event before it starts a build. */
const FILTERS =
  /^(?:ACTOR_ACCOUNT_ID|GITHUB_ACTOR_ACCOUNT_ID|HEAD_REF|BASE_REF|REPOSITORY_NAME|ORGANIZATION_NAME|COMMIT_MESSAGE|FILE_PATH|WORKFLOW_NAME)$/;
const EVERYTHING = /^(?:\^?\.[*+]\$?|\^?refs\/heads\/(?:\.[*+])?\$?|)$/;
const PULL_REQUESTS = /PULL_REQUEST_(?:CREATED|UPDATED|REOPENED)/;
/** Of which branch a trigger of Cloud Build is. */
const BRANCHES = /(?:^|\.)(?:push\.(?:branch|tag)|trigger_template\.branch_name|source_to_build\.ref)$/;

/** Builds that more people start: filters of a webhook that are gone or match more, pull requests, every branch. */
export function findTriggerDangers(view: ChangeView): readonly Danger[] {
  const { before, after } = view.pair;
  if (before === null || after === null || !/code_?build|cloud_?build/.test(view.type)) return [];
  const old = filtersOf(before);
  const now = filtersOf(after);
  const lost = old.filter(
    ({ type, pattern }) =>
      FILTERS.test(type) && !now.some((own) => own.type === type && asksAsMuch(own.pattern, pattern)),
  );
  const events = (side: readonly Filter[]) =>
    side.filter(({ type, pattern }) => type === "EVENT" && PULL_REQUESTS.test(pattern));
  const opened = events(old).length === 0 ? events(now) : [];
  return [
    ...describe(
      "untrusted-code",
      "is started by more people:",
      [...lost, ...(old.length > 0 ? opened : [])].map(({ type, pattern }) => `${type} ${pattern}`),
    ),
    ...describe(
      "protection-off",
      "runs for any branch:",
      view.changes.filter(isUnbranched).map(formatChange),
    ),
  ];
}

interface Filter {
  readonly type: string;
  readonly pattern: string;
}

// Each is compared with each.
const MOST_FILTERS = 300;

/** A filter that says what must not be is one of its own. */
function filtersOf({ body }: DeclaredResource): readonly Filter[] {
  return objectsIn(body)
    .slice(0, MOST_FILTERS)
    .flatMap((each) => {
      const [type, pattern] = [literalOf(each, "type", "Type"), literalOf(each, "pattern", "Pattern")];
      const isExcluding = literalOf(each, "exclude_matched_pattern", "ExcludeMatchedPattern") === "true";
      return type === undefined || pattern === undefined
        ? []
        : [{ type: isExcluding ? `not ${type}` : type, pattern }];
    });
}

/** The same, or some of the same names, each from its beginning to its end. */
function asksAsMuch(now: string, old: string): boolean {
  if (now === old || EVERYTHING.test(old)) return true;
  if (EVERYTHING.test(now)) return false;
  const isWhole = (text: string) => /^\^.*\$$/.test(text);
  if (isWhole(old) && !isWhole(now)) return false;
  const names = (text: string) => text.replace(/[\^$()]/g, "").split("|");
  return names(now).every((name) => names(old).includes(name));
}

function isUnbranched({ path, before, after }: AttributeChange): boolean {
  return (
    BRANCHES.test(path) &&
    before.length > 0 &&
    after.some((text) => EVERYTHING.test(text)) &&
    !before.some((text) => EVERYTHING.test(text))
  );
}
