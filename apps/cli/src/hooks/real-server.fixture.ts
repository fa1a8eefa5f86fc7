// SPDX-License-Identifier: Apache-2.0
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { type AddressInfo, createConnection, createServer } from "node:net";
import { testEnvironment } from "@countersign/testkit";

/** Why a test with a real server cannot run here; undefined where it can. Said aloud, never passed over in silence. */
export function findObstacle(what: string, programs: readonly string[]): string | undefined {
  const missing = programs.filter((path) => !existsSync(path));
  const reasons = [
    ...(process.platform === "linux" ? [] : ["this is not Linux"]),
    ...(process.getuid?.() === 0 ? [] : ["needs root"]),
    ...(missing.length === 0 ? [] : [`missing ${missing.join(", ")}`]),
  ];
  if (reasons.length === 0) return undefined;
  process.stderr.write(`SKIPPED ${what}: ${reasons.join("; ")}\n`);
  return reasons.join("; ");
}

export async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Starts a program in its own process group. */
export function startServer(program: string, args: readonly string[], cwd: string): ChildProcess {
  return spawn(program, args, { cwd, env: testEnvironment(), stdio: "ignore", detached: true });
}

/** Ends the group that {@link startServer} began. */
export async function stopServer(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null) return;
  const closed = new Promise((resolve) => child.once("close", resolve));
  process.kill(-child.pid, "SIGTERM");
  await closed;
}

/** Waits until something listens at a port or a socket's path. */
export async function waitFor(place: { readonly port: number } | { readonly path: string }): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = createConnection("port" in place ? { host: "127.0.0.1", ...place } : place);
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
      socket.once("connect", () => socket.destroy());
    });
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`nothing listens at ${JSON.stringify(place)}`);
}
