// SPDX-License-Identifier: Apache-2.0
import type { InfrastructureKind } from "../resource.ts";

/** A program that a pipeline checks files with. */
export interface CheckTool {
  readonly name: "kubeconform" | "conftest" | "ct";
  readonly pattern: RegExp;
  readonly kinds: ReadonlySet<InfrastructureKind>;
  /** Words between the tool and what it checks. */
  readonly verb?: RegExp;
  readonly valued: ReadonlySet<string>;
  /** Options with which it leaves out who knows what, or checks nothing. */
  readonly weakening: RegExp;
}

const words = (text: string) => new Set(text.split(" "));
export const CHECK_TOOLS: readonly CheckTool[] = [
  {
    name: "kubeconform",
    pattern: /^(?:kubeconform|kubeval)$/,
    kinds: new Set(["kubernetes", "mesh", "kustomize"]),
    valued: words(
      "-schema-location --schema-location -skip -reject -kubernetes-version -output -o -n -cache -ignore-filename-pattern -s -v",
    ),
    weakening:
      /^--?(?:skip|reject|ignore-filename-pattern|skip-kinds|ignored-filename-patterns|h|help|v|version)(?:=|$)/,
  },
  {
    name: "conftest",
    pattern: /^conftest$/,
    kinds: new Set(["terraform", "kubernetes", "mesh", "kustomize", "cloudformation", "helm"]),
    verb: /^test$/,
    valued: words("-p --policy -n --namespace -d --data -o --output --parser -u --update"),
    weakening: /^--?(?:ignore|h|help|no-fail)(?:=|$)/,
  },
  {
    name: "ct",
    pattern: /^ct$/,
    kinds: new Set(["helm", "kubernetes", "mesh"]),
    verb: /^(?:install|lint-and-install)$/,
    valued: words(
      "--chart-dirs --charts --config --target-branch --remote --helm-extra-args --namespace --build-id --since",
    ),
    weakening: /^--?(?:excluded-charts|config|h|help)(?:=|$)/,
  },
];
