// SPDX-License-Identifier: Apache-2.0
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { displayText } from "@countersign/core/render";
import { openRepository } from "@countersign/git";
import { type CliContext, paletteOf } from "../cli-context.ts";
import type { ExitCode } from "../exit-code.ts";
import { type Scene, toStory } from "./story.ts";

export type TourFlags = { readonly color?: boolean; readonly project?: string; readonly keep: boolean };

const MEMBERS = ["author", "senior", "second"] as const;

/** Plays the story with real commands in a temporary repository; fails loudly where one does not do what it should. */
export async function runTour(context: CliContext, flags: TourFlags): Promise<ExitCode> {
  const stage = await mkdtemp(join(tmpdir(), "countersign-tour-"));
  try {
    const player = createPlayer(context, flags, join(stage, "network"));
    await player.setUp();
    for (const scene of toStory(await readCast(player.folder))) {
      if (!(await player.play(scene))) return 3;
    }
    await scanProject(context, flags, player);
    if (flags.keep) await context.output.write(`\nThe repository is yours: ${player.folder}\n`);
    return 0;
  } finally {
    await context.output.finish();
    if (!flags.keep) await rm(stage, { recursive: true, force: true });
  }
}

interface Player {
  readonly folder: string;
  readonly setUp: () => Promise<void>;
  /** False where a command ended otherwise than the story says. */
  readonly play: (scene: Scene) => Promise<boolean>;
}

function createPlayer(context: CliContext, flags: TourFlags, folder: string): Player {
  const palette = paletteOf(context, flags.color);
  const environment = tourEnvironment(context, flags, folder);
  const write = (text: string) => context.output.write(text);
  return {
    folder,
    setUp: async () => {
      await mkdir(join(folder, "keys"), { recursive: true });
      for (const member of MEMBERS) {
        await runChecked(
          "ssh-keygen",
          ["-q", "-t", "ed25519", "-N", "", "-C", member, "-f", join(folder, "keys", member)],
          folder,
          environment,
        );
      }
      await runChecked("git", ["init", "--quiet", "--initial-branch=main"], folder, environment);
      await writeFile(join(folder, ".git", "info", "exclude"), "keys/\n");
    },
    play: async (scene) => {
      if (scene.kind === "say") await write(`\n${palette.strong(scene.text)}\n`);
      else if (scene.kind === "write") await writeScene(folder, scene.path, scene.content);
      else return await runScene(context, scene, { folder, environment, prompt: palette.note });
      return true;
    },
  };
}

async function writeScene(folder: string, path: string, content: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), content);
}

interface Stage {
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly prompt: (text: string) => string;
}

async function runScene(
  context: CliContext,
  scene: Extract<Scene, { kind: "run" }>,
  stage: Stage,
): Promise<boolean> {
  const { host, output } = context;
  const [program = "", ...args] = scene.command;
  if (scene.quiet !== true)
    await output.write(`\n${stage.prompt(`$ ${scene.as ?? scene.command.join(" ")}`)}\n`);
  const isOurs = program === "countersign";
  const result = await run(
    isOurs ? host.execPath : program,
    isOurs ? [...host.execArgv, host.argv[1] ?? "", ...args] : args,
    stage.folder,
    stage.environment,
  );
  if (scene.quiet !== true) await output.write(result.text);
  if (result.exitCode === scene.exit) {
    if (scene.exit !== 0) await output.write(`${stage.prompt(`exit code ${result.exitCode}`)}\n`);
    return true;
  }
  if (scene.quiet === true) await output.write(result.text);
  context.warn(
    `the tour expected exit code ${scene.exit} of "${displayText(scene.command.join(" "), 200)}" and got ${result.exitCode}`,
  );
  return false;
}

/** Nobody's configuration takes part: no signing, no hooks, no templates of the person who watches. */
function tourEnvironment({ host }: CliContext, flags: TourFlags, folder: string): NodeJS.ProcessEnv {
  const kept = Object.entries(host.env).filter(
    ([name]) => !name.startsWith("GIT_") && name !== "SSH_AUTH_SOCK" && name !== "COUNTERSIGN_CWD",
  );
  const isColored = flags.color ?? (host.stdout.isTTY === true && (host.env.NO_COLOR ?? "") === "");
  const person = {
    GIT_AUTHOR_NAME: "author",
    GIT_AUTHOR_EMAIL: "author@shop.example",
    GIT_COMMITTER_NAME: "author",
    GIT_COMMITTER_EMAIL: "author@shop.example",
  };
  return {
    ...Object.fromEntries(kept),
    ...person,
    HOME: folder,
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: "advice.detachedHead",
    GIT_CONFIG_VALUE_0: "false",
    // Node complains on stderr, in the middle of the story, where both are set.
    ...(isColored ? { FORCE_COLOR: "1" } : { NO_COLOR: "1", FORCE_COLOR: undefined }),
  };
}

async function readCast(folder: string) {
  const [author, senior, second] = await Promise.all(
    MEMBERS.map(async (member) => (await readFile(join(folder, "keys", `${member}.pub`), "utf8")).trim()),
  );
  return { author: author ?? "", senior: senior ?? "", second: second ?? "" };
}

interface Finished {
  readonly exitCode: number;
  /** Standard output and standard error in the order in which they came. */
  readonly text: string;
}

function run(
  program: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.once("error", (cause) => reject(new Error(explainMissing(program), { cause })));
    child.once("close", (code) =>
      resolve({ exitCode: code ?? 3, text: Buffer.concat(chunks).toString("utf8") }),
    );
  });
}

function explainMissing(program: string): string {
  const install =
    program === "ssh-keygen"
      ? "install OpenSSH's client (Debian: apt-get install openssh-client)"
      : `install ${program}`;
  return `${program} could not be started; ${install} and run the tour again`;
}

async function runChecked(
  program: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const { exitCode, text } = await run(program, args, cwd, env);
  if (exitCode !== 0) throw new Error(`${program} failed with exit code ${exitCode}: ${text}`);
}

/** The project's own history, where this copy has one: a shallow clone shows what it holds, an archive has none. */
async function scanProject(context: CliContext, flags: TourFlags, player: Player): Promise<void> {
  if (flags.project === undefined) return;
  await player.play({ kind: "say", text: "And this project's own history, read with the same eyes." });
  const hasHistory = await openRepository(flags.project).then(
    (repository) => repository.workTree === flags.project,
    () => false,
  );
  if (!hasHistory) {
    await context.output.write(
      `(${displayText(flags.project)} is an unpacked archive without history; in a clone this shows its scan)\n`,
    );
    return;
  }
  await player.play({
    kind: "run",
    command: ["countersign", "scan", "--summary", "--repo", flags.project],
    exit: 0,
  });
}
