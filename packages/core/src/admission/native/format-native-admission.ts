// SPDX-License-Identifier: Apache-2.0
import { stringify } from "yaml";
import { displayText } from "../../render/index.ts";
import type { NativeAdmission } from "./to-native-admission.ts";

/** YAML for `kubectl apply -f -`; what it does not decide stands above it. */
export function formatNativeAdmission({ objects, undecided }: NativeAdmission, decidedBy: string): string {
  const comments = [
    `Not decided here, but by ${decidedBy}:`,
    ...undecided.map(({ rule, reason }) => `  ${displayText(rule, 200)}: ${displayText(reason, 300)}`),
  ];
  const documents = objects.map((object) =>
    stringify(object, { lineWidth: 0, aliasDuplicateObjects: false }),
  );
  return `${comments.map((line) => `# ${line}\n`).join("")}${documents.join("---\n")}`;
}
