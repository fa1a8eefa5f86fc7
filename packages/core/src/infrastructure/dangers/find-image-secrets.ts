// SPDX-License-Identifier: Apache-2.0
import type { Danger } from "../resource.ts";
import { type ChangeView, describe } from "./change-view.ts";
import { SECRET_NAMES } from "./find-secret-dangers.ts";

/** What is put into an image stays in one of its layers, whatever is done later. */
const KEY_FILES =
  /^(?:\S*\/)?(?:id_(?:rsa|dsa|ecdsa|ed25519)|[\w.-]*priv(?:ate)?[\w-]*\.(?:pem|key)|[\w.-]*[._-]key\.pem|[\w.-]+\.(?:key|p12|pfx|jks|keystore)|\.env(?:\.(?!example|sample|template|dist)\w+)?|\.npmrc|\.netrc|\.pypirc|\.git-credentials|\.dockercfg|kubeconfig|credentials(?:\.json)?|service[-_]?account[\w-]*\.json|\.aws\/?|\.ssh\/?|\.kube\/?)$/i;

/** Keys that are copied into an image, and secrets among the arguments that it is built with. */
export function findImageSecrets(view: ChangeView): readonly Danger[] {
  if (view.pair.after?.kind !== "dockerfile") return [];
  const copied = view.newTexts.filter(({ name, text }) => {
    if (!/^(?:copy|add)$/.test(name) || /^(?:--\S+\s+)*--from=/.test(text)) return false;
    const words = text
      .replace(/[[\]",]/g, " ")
      .trim()
      .split(/\s+/)
      .filter((word) => !word.startsWith("--"));
    return words.slice(0, -1).some((word) => KEY_FILES.test(word));
  });
  const args = view.newAttributes.filter(
    ({ path, name, text }) => path.startsWith("arg.") && text === "" && SECRET_NAMES.test(name),
  );
  return [
    ...describe(
      "secret-exposed",
      "is put into the image:",
      copied.map(({ text }) => text),
    ),
    ...describe(
      "secret-exposed",
      "stays in the history of the image:",
      args.map(({ name }) => name),
    ),
  ];
}
