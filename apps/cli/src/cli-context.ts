// SPDX-License-Identifier: Apache-2.0

import { displayText, type Palette } from "@countersign/core/render";
import type { BaseArgs, BaseFlags, CommandContext, CommandFunction, StricliProcess } from "@stricli/core";
import type { ExitCode } from "./exit-code.ts";
import { createPalette, wantsColor } from "./terminal/colors.ts";
import { createOutput, type Output } from "./terminal/output.ts";

/** What every command gets: streams, environment, the folder it was called in. */
export interface CliContext extends CommandContext {
  /** What the command-line framework writes to; it leaves its own exit code here. */
  readonly process: StricliProcess;
  readonly host: NodeJS.Process;
  readonly output: Output;
  /** One line of diagnostics on stderr, made safe. */
  readonly warn: (line: string) => void;
  readonly outcome: Outcome;
}

/** How the command ended; filled by {@link lazily}, read by the one catch at the top. */
interface Outcome {
  exitCode: ExitCode;
  error: unknown;
}

export function createContext(host: NodeJS.Process): CliContext {
  const safeStderr = (text: string) =>
    host.stderr.write(
      text
        .split("\n")
        .map((line) => displayText(line, 2000))
        .join("\n"),
    );
  return {
    host,
    process: { stdout: host.stdout, stderr: { write: safeStderr } },
    output: createOutput(host.stdout),
    warn: (line) => {
      host.stderr.write(`countersign: ${displayText(line, 2000)}\n`);
    },
    outcome: { exitCode: 0, error: undefined },
  };
}

type Action<FLAGS extends BaseFlags, ARGS extends BaseArgs> = (
  context: CliContext,
  flags: FLAGS,
  ...args: ARGS
) => Promise<ExitCode>;

/** A command whose code is loaded only when it runs, so that `scan` never pays for the policy engine. */
export function lazily<FLAGS extends BaseFlags, ARGS extends BaseArgs>(
  load: () => Promise<Action<FLAGS, ARGS>>,
): () => Promise<CommandFunction<FLAGS, ARGS, CliContext>> {
  return async () =>
    async function run(this: CliContext, flags: FLAGS, ...args: ARGS) {
      try {
        const action = await load();
        this.outcome.exitCode = await action(this, flags, ...args);
        await this.output.finish();
      } catch (error) {
        this.outcome.error = error;
      }
    };
}

/** Colours and width for what goes to stdout. */
export function paletteOf(context: CliContext, flag: boolean | undefined): Palette {
  const { env, stdout } = context.host;
  return createPalette(wantsColor(flag, env, stdout.isTTY === true));
}

const NO_TERMINAL_WIDTH = 120;

/** Columns of the terminal; a file gets lines that a person can still read. */
export function widthOf(context: CliContext): number {
  const { columns, isTTY } = context.host.stdout;
  return isTTY && columns > 0 ? columns : NO_TERMINAL_WIDTH;
}
