// SPDX-License-Identifier: Apache-2.0
import type { NativeOptions } from "./native-options.ts";

/** A named part of expressions, as `variables` of a ValidatingAdmissionPolicy. */
export interface NativeVariable {
  readonly name: string;
  readonly expression: string;
}

/** What must be true; the message is for the person at the other end. */
export interface NativeValidation {
  readonly expression: string;
  readonly message: string;
  readonly messageExpression?: string;
}

/** Where the pod stands in each kind that the policy is asked about; for any other, reading it fails, which is a no. */
const templateOf = (object: string) =>
  `${object}.kind == "Pod" ? ${object} : ${object}.kind == "PodTemplate" ? ${object}.template : ${object}.kind == "CronJob" ? ${object}.spec.jobTemplate.spec.template : ${object}.spec.template`;

/** Lists that may be absent, of whose members this is an image. */
const OPTIONAL_LISTS = ["initContainers", "ephemeralContainers"];

/** A container without an image, or a pod without containers, fails, which is a no. */
const imagesOf = (template: string) => {
  const spec = `${template}.spec`;
  const lists = OPTIONAL_LISTS.map((name) => `(has(${spec}.${name}) ? ${spec}.${name}.map(c, c.image) : [])`);
  const volumes = `(has(${spec}.volumes) ? ${spec}.volumes.filter(v, has(v.image)).map(v, v.image.reference) : [])`;
  return [`${spec}.containers.map(c, c.image)`, ...lists, volumes].join(" + ");
};

/** What runs already, and is only scaled, labelled or ended, is not asked about again, as the webhook does it. */
export function nativeVariables({ foreign }: NativeOptions): readonly NativeVariable[] {
  const isForeign = foreign.length === 0 ? "false" : isUnder("i", foreign);
  return [
    { name: "template", expression: templateOf("object") },
    { name: "images", expression: imagesOf("variables.template") },
    {
      name: "oldTemplate",
      expression: `request.operation == "UPDATE" ? (${templateOf("oldObject")}) : null`,
    },
    {
      name: "oldImages",
      expression: `request.operation == "UPDATE" ? (${imagesOf("variables.oldTemplate")}) : []`,
    },
    {
      name: "asked",
      expression: `variables.images.filter(i, !(i in variables.oldImages) && !(${isForeign}))`,
    },
  ];
}

/** The same pattern as the webhook's: a name, and one digest of SHA-256 in small letters. */
const BY_DIGEST = "^[!-?A-~]{1,200}@sha256:[0-9a-f]{64}$";

export function nativeValidations(options: NativeOptions): readonly NativeValidation[] {
  const { registries, annotation, approved } = options;
  const byDigest = `i.matches(${quote(BY_DIGEST)})`;
  const pinned = every(
    byDigest,
    "an image is named by no digest (NAME@sha256:…); a tag can be moved to something else",
  );
  const from = every(isUnder("i", registries), `an image does not come from ${registries.join(", ")}`);
  // Looked up by its key: a walk through a list of thousands costs more than an API server lets an expression cost.
  const listed = every(
    `${byDigest} && has(params.data) && i.substring(size(i) - 64) in params.data`,
    `an image's digest is none of those that ConfigMap ${options.ownNamespace}/${approved} lists`,
  );
  const key = quote(annotation ?? "");
  const metadata = "variables.template.metadata";
  const carries = `has(variables.template.metadata) && has(${metadata}.annotations) && ${key} in ${metadata}.annotations && ${metadata}.annotations[${key}] != ""`;
  return [
    pinned,
    ...(registries.length === 0 ? [] : [from]),
    ...(approved === null ? [] : [listed]),
    ...(annotation === null
      ? []
      : [
          {
            expression: `size(variables.asked) == 0 || (${carries})`,
            message: `countersign: the pod carries no annotation ${annotation}`,
          },
        ]),
  ];
}

function every(condition: string, what: string): NativeValidation {
  return {
    expression: `variables.asked.all(i, ${condition})`,
    message: `countersign: ${what}`,
    messageExpression: `${quote(`countersign: ${what}: `)} + variables.asked.filter(i, !(${condition}))[0]`,
  };
}

/** A prefix ends with a part of a name: `registry.example` holds neither `registry.example.evil` nor another port of it. */
function isUnder(image: string, prefixes: readonly string[]): string {
  const starts = prefixes.flatMap((prefix) => {
    if (prefix.endsWith("/")) return [prefix];
    return [`${prefix}/`, ...(prefix.includes("/") ? [`${prefix}:`, `${prefix}@`] : [])];
  });
  return starts.map((start) => `${image}.startsWith(${quote(start)})`).join(" || ");
}

/** Texts hold nothing that CEL would escape in another way than JSON does. */
function quote(text: string): string {
  return JSON.stringify(text);
}
