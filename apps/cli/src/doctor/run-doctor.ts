// SPDX-License-Identifier: Apache-2.0
import {
  type DoctorFinding,
  formatDoctorJson,
  formatDoctorReport,
  toDoctorReport,
} from "@countersign/core/render";
import { openRepository } from "@countersign/git";
import { type CliContext, paletteOf, widthOf } from "../cli-context.ts";
import { type CommonFlags, repoDirectory } from "../common-flags.ts";
import type { ExitCode } from "../exit-code.ts";
import { homeFolder } from "../home-folder.ts";
import { findProgram } from "../hooks/find-program.ts";
import { requirePlace } from "../recorder/require-place.ts";
import { checkAgents } from "./check-agents.ts";
import { checkGitHooks } from "./check-git-hooks.ts";
import { checkProgram } from "./check-program.ts";
import { checkRecorder } from "./check-recorder.ts";
import { checkRefs } from "./check-refs.ts";
import { checkRemotes } from "./check-remotes.ts";
import type { Check, DoctorPlace } from "./doctor-place.ts";

const CHECKS: readonly (readonly [DoctorFinding["check"], Check])[] = [
  ["program", checkProgram],
  ["hook", checkGitHooks],
  ["recorder", checkRecorder],
  ["recorder", checkRefs],
  ["agent", checkAgents],
  ["remote", checkRemotes],
];

const EXIT_CODES = { well: 0, broken: 1, unclear: 3 } as const;

/** Whether everything that records really works. Writes nothing. */
export async function runDoctor(context: CliContext, flags: CommonFlags): Promise<ExitCode> {
  const repository = await openRepository(repoDirectory(context, flags));
  const place = requirePlace(repository);
  const { env } = context.host;
  const here: DoctorPlace = {
    repository,
    place,
    location: { home: homeFolder(env), repoRoot: place.workTree, environment: env },
    program: findProgram(context),
    now: Math.floor(Date.now() / 1000),
  };
  const findings: DoctorFinding[] = [];
  for (const [name, check] of CHECKS) findings.push(...(await attempt(name, check, here)));
  const report = toDoctorReport(findings);
  await context.output.write(
    flags.json
      ? formatDoctorJson(report)
      : formatDoctorReport(report, widthOf(context), paletteOf(context, flags.color)),
  );
  return EXIT_CODES[report.verdict];
}

/** A check that fails says so and keeps no other from its work. */
async function attempt(
  name: DoctorFinding["check"],
  check: Check,
  here: DoctorPlace,
): Promise<readonly DoctorFinding[]> {
  try {
    return await check(here);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [{ check: name, name, level: "unclear", message: `could not be checked: ${why}`, fix: null }];
  }
}
