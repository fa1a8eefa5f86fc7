// SPDX-License-Identifier: Apache-2.0
import type { ReportProgress } from "@countersign/audit";
import type { CliContext } from "../cli-context.ts";
import { createProgress } from "../terminal/progress.ts";

/** Two bars, one after the other: changes, then files that are looked into for what is left. */
export function createReportProgress({ host }: CliContext): ReportProgress & { readonly clear: () => void } {
  const isShown = host.stderr.isTTY === true;
  const changes = createProgress(host.stderr, isShown, "judging");
  let files: typeof changes | undefined;
  return {
    onTotal: changes.setTotal,
    onChange: changes.advance,
    onFiles: (total) => {
      changes.clear();
      files = createProgress(host.stderr, isShown, "blaming");
      files.setTotal(total);
    },
    onFile: () => files?.advance(),
    clear: () => {
      changes.clear();
      files?.clear();
    },
  };
}
