// SPDX-License-Identifier: Apache-2.0
import { formatStatus, formatStatusRecord } from "@countersign/core/render";
import { openRepository, readSetting } from "@countersign/git";
import { readActivity, readPendingWork } from "@countersign/recorder";
import { type CliContext, paletteOf, widthOf } from "../cli-context.ts";
import { type CommonFlags, repoDirectory } from "../common-flags.ts";
import type { ExitCode } from "../exit-code.ts";
import { readEmission } from "../hooks/run-commit-msg.ts";
import { requirePlace } from "../recorder/require-place.ts";
import { toStatusRecord } from "./to-status-record.ts";

/** What the recorder knows of the work that is in no commit yet. Reads only. */
export async function runStatus(context: CliContext, flags: CommonFlags): Promise<ExitCode> {
  const repository = await openRepository(repoDirectory(context, flags));
  const place = requirePlace(repository);
  const [work, emission, trailer] = await Promise.all([
    readPendingWork(place, Math.floor(Date.now() / 1000)),
    readEmission(context, repository),
    readSetting(repository, "countersign.trailer"),
  ]);
  const isSilent = /^(false|no|off|0)$/i.test(trailer ?? "");
  const record = toStatusRecord(work, readActivity(place)?.from ?? null, isSilent ? "none" : emission);
  const layout = { width: widthOf(context), palette: paletteOf(context, flags.color) };
  await context.output.write(flags.json ? formatStatusRecord(record) : formatStatus(record, layout));
  return 0;
}
