// SPDX-License-Identifier: Apache-2.0
import { formatStatus, formatStatusRecord } from "@countersign/core/render";
import { readSetting } from "@countersign/git";
import { readActive, readEmission, readPendingWork } from "@countersign/recorder";
import { type CliContext, paletteOf, widthOf } from "../cli-context.ts";
import { type CommonFlags, repoDirectory } from "../common-flags.ts";
import type { ExitCode } from "../exit-code.ts";
import { openRecorded } from "../open-recorded.ts";
import { requirePlace } from "../recorder/require-place.ts";
import { toStatusRecord } from "./to-status-record.ts";

/** What the recorder knows of the work that is in no commit yet. What commits left to be recorded is recorded first. */
export async function runStatus(context: CliContext, flags: CommonFlags): Promise<ExitCode> {
  const repository = await openRecorded(context, repoDirectory(context, flags));
  const place = requirePlace(repository);
  const [work, trailer] = await Promise.all([
    readPendingWork(place, Math.floor(Date.now() / 1000)),
    readSetting(repository, "countersign.trailer"),
  ]);
  const isSilent = /^(false|no|off|0)$/i.test(trailer ?? "");
  const record = toStatusRecord(
    work,
    readActive(place.gitDir)?.at ?? null,
    isSilent ? "none" : readEmission(place.workTree),
  );
  const layout = { width: widthOf(context), palette: paletteOf(context, flags.color) };
  await context.output.write(flags.json ? formatStatusRecord(record) : formatStatus(record, layout));
  return 0;
}
