// SPDX-License-Identifier: Apache-2.0
import { CoreError } from "../../ids/index.ts";
import type { Policy } from "../../policy/index.ts";
import { nativeValidations, nativeVariables } from "./native-expressions.ts";
import { findOptionProblems, type NativeOptions } from "./native-options.ts";
import { findUndecided, type UndecidedRule } from "./undecided-rules.ts";

export interface NativeAdmission {
  /** A ValidatingAdmissionPolicy and its ValidatingAdmissionPolicyBinding, as the API takes them. */
  readonly objects: readonly object[];
  /** What these do not decide. */
  readonly undecided: readonly UndecidedRule[];
}

const API_VERSION = "admissionregistration.k8s.io/v1";
const OPERATIONS = ["CREATE", "UPDATE"];

/** The same objects that the webhook is asked about; whatever starts a container creates a pod in the end. */
const RESOURCES = [
  {
    apiGroups: [""],
    resources: ["pods", "pods/ephemeralcontainers", "replicationcontrollers", "podtemplates"],
  },
  { apiGroups: ["apps"], resources: ["deployments", "replicasets", "statefulsets", "daemonsets"] },
  { apiGroups: ["batch"], resources: ["jobs", "cronjobs"] },
] as const;

/**
 * What an API server from 1.30 on can decide of the policy without asking anybody. Throws CoreError ADMISSION_MALFORMED for options that
 * no API server would take.
 */
export function toNativeAdmission(policy: Policy, options: NativeOptions): NativeAdmission {
  const problems = findOptionProblems(options);
  if (problems.length > 0) throw new CoreError("ADMISSION_MALFORMED", problems.join("\n"));
  return { objects: [toPolicy(policy, options), toBinding(options)], undecided: findUndecided(policy) };
}

function toPolicy({ digest }: Policy, options: NativeOptions): object {
  return {
    apiVersion: API_VERSION,
    kind: "ValidatingAdmissionPolicy",
    metadata: { name: options.name },
    spec: {
      failurePolicy: "Fail",
      ...(options.approved === null ? {} : { paramKind: { apiVersion: "v1", kind: "ConfigMap" } }),
      matchConstraints: {
        matchPolicy: "Equivalent",
        resourceRules: RESOURCES.map(({ apiGroups, resources }) => ({
          apiGroups,
          apiVersions: ["v1"],
          operations: OPERATIONS,
          resources,
        })),
      },
      variables: nativeVariables(options),
      validations: nativeValidations(options),
      auditAnnotations: [
        { key: "policy-digest", valueExpression: JSON.stringify(digest) },
        { key: "images-asked", valueExpression: "string(size(variables.asked))" },
      ],
    },
  };
}

/** A list that is not there is a no: nothing is approved then. */
function toBinding({ name, approved, ownNamespace, excluded }: NativeOptions): object {
  return {
    apiVersion: API_VERSION,
    kind: "ValidatingAdmissionPolicyBinding",
    metadata: { name },
    spec: {
      policyName: name,
      validationActions: ["Deny", "Audit"],
      ...(approved === null
        ? {}
        : { paramRef: { name: approved, namespace: ownNamespace, parameterNotFoundAction: "Deny" } }),
      matchResources: {
        namespaceSelector: {
          matchExpressions: [
            {
              key: "kubernetes.io/metadata.name",
              operator: "NotIn",
              values: [...new Set([ownNamespace, ...excluded])],
            },
          ],
        },
      },
    },
  };
}
