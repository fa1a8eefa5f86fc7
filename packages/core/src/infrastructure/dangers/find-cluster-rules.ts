// SPDX-License-Identifier: Apache-2.0
import { type ConfigurationValue, fieldsOf, objectsIn, textsOf } from "../configuration-value.ts";
import type { IamStatement } from "../find-statements.ts";

/** Rules of Kubernetes roles as statements: every verb on every resource is an action. */
export function findClusterRules(value: ConfigurationValue): readonly IamStatement[] {
  return objectsIn(value)
    .filter((each) => fieldsOf(each, "verbs").length > 0)
    .map(toStatement);
}

function toStatement(rule: ConfigurationValue): IamStatement {
  const verbs = fieldsOf(rule, "verbs").flatMap(textsOf);
  const targets = fieldsOf(rule, "resources", "nonResourceURLs", "non_resource_urls").flatMap(textsOf);
  const names = fieldsOf(rule, "resourceNames", "resource_names").flatMap(textsOf);
  return {
    isAllow: true,
    actions: verbs.flatMap((verb) => targets.map((target) => `${verb} ${target}`)),
    notActions: [],
    resources: names.length > 0 ? names : ["*"],
    notResources: [],
    principals: [],
    notPrincipals: [],
    conditions: [],
  };
}
