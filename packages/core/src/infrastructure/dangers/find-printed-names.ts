// SPDX-License-Identifier: Apache-2.0
import type { Danger } from "../resource.ts";
import { type Attribute, type ChangeView, describe } from "./change-view.ts";

/** Where a pipeline says under which names a step gets its secrets. */
const BOUND =
  /\b(?:variable|passwordVariable|usernameVariable|keyFileVariable|passphraseVariable|secretKeyVariable)\s*:\s*["'](\w{1,60})["']/g;
const CREDENTIALS = /^=\s*credentials\s*\(/;
const PRINTS =
  "\\b(?:echo|printf|Write-Host|Write-Output|println)\\b[^\\n|;&>]{0,200}\\$(?:env:)?\\{?(?:NAMES)\\b\\}?[^\\n|;&>]{0,200}";
/** Into a file or another command's input is not onto the screen; by another writing the log's mask no longer fits. */
const ONTO_SCREEN =
  "(?:$|[;&]|\\|\\s*(?:base64|base32|rev|xxd|od|hexdump|tee|fold|cut|tr|sed|awk|cat|grep|head)\\b)";
const MOST_NAMES = 50;

/** A secret that is printed under a name of the pipeline's own, which says nothing of what it holds. */
export function findPrintedNames(view: ChangeView): readonly Danger[] {
  if (view.isDeleted || view.pair.after?.kind !== "workflow") return [];
  const names = [...new Set(view.after.flatMap(namesIn))].slice(0, MOST_NAMES);
  if (names.length === 0) return [];
  const pattern = new RegExp(PRINTS.replace("NAMES", names.join("|")) + ONTO_SCREEN);
  const lines = view.newTexts.flatMap(({ text }) =>
    text
      .slice(0, 100_000)
      .split("\n")
      .filter((line) => !line.includes("::add-mask::") && pattern.test(line.slice(0, 1000))),
  );
  return describe("secret-exposed", "prints a secret:", lines);
}

function namesIn({ path, name, text }: Attribute): readonly string[] {
  const bound = [...text.slice(0, 5000).matchAll(BOUND)].map(([, own = ""]) => own);
  if (CREDENTIALS.test(text) && /^\w+$/.test(name)) return [...bound, name.toUpperCase(), name];
  const isGiven = /(?:^|\.)env\.\w{1,60}$/.test(path) && /^\$\{\{\s*secrets\./.test(text);
  return isGiven ? [...bound, name.toUpperCase(), name] : bound;
}
