// SPDX-License-Identifier: Apache-2.0
import { existsSync } from "node:fs";
import { copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "@countersign/testkit";
import { openDebianArchive } from "./debian-archive.ts";
import { toGoEnvironment } from "./go-environment.ts";

/** The one suite that has an API server's libraries whole, of a version that knows these policies (1.36 when this was written). */
const SUITE = "sid";
const SOURCE = join(import.meta.dirname, "ask-plugin.go");

/** ask-plugin.go, linked with the k8s.io/apiserver that Debian has; about two minutes the first time. */
export async function buildAskPlugin(cache: string): Promise<string> {
  const root = join(cache, "root");
  const libraries = join(root, "usr/share/gocode");
  // Written last: a run that was ended half-way leaves half of the packages.
  const unpacked = join(cache, "unpacked");
  if (!existsSync(unpacked)) {
    await rm(root, { recursive: true, force: true });
    const archive = await openDebianArchive(SUITE, join(cache, "apt"));
    const needed = await archive.listNeeded("golang-k8s-apiserver-dev", "golang-go");
    const isGo = (name: string) => name.startsWith("golang-");
    await archive.unpack(needed.filter(isGo), root);
    await writeFile(unpacked, "");
  }
  const work = join(cache, "go");
  const place = join(work, "src/ask-plugin");
  await mkdir(place, { recursive: true });
  await copyFile(SOURCE, join(place, "main.go"));
  const program = join(cache, "ask-plugin");
  const environment = toGoEnvironment(cache, join(root, "usr/lib/go"), [work, libraries]);
  await run("go", ["build", "-o", program, "."], { cwd: place, environment });
  return program;
}
