// SPDX-License-Identifier: Apache-2.0
import { mkdir, readdir, readlink, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { run } from "@countersign/testkit";

/** Packages of one Debian suite in a folder of their own: nothing is installed, and the machine's own lists are not touched. */
export interface DebianArchive {
  /** Names of the packages that these need, themselves included. */
  readonly listNeeded: (...names: readonly string[]) => Promise<readonly string[]>;
  /** Unpacks binary packages into `root`, links that lead to `/` made to lead there. */
  readonly unpack: (names: readonly string[], root: string) => Promise<void>;
  /** Unpacks a source package into `folder`, with Debian's patches. */
  readonly unpackSource: (name: string, folder: string) => Promise<void>;
}

const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** Throws where the machine has no apt, no Debian mirror or no keyring, naming which. */
export async function openDebianArchive(suite: string, folder: string): Promise<DebianArchive> {
  const signed = `[signed-by=${KEYRING}] ${await findMirror()} ${suite} main\n`;
  for (const part of ["lists/partial", "cache/archives/partial", "packages"])
    await mkdir(join(folder, part), { recursive: true });
  await writeFile(join(folder, "sources.list"), `deb ${signed}deb-src ${signed}`);
  await writeFile(join(folder, "status"), "");
  const at = (name: string) => join(folder, name);
  const options = Object.entries({
    "Dir::Etc::sourcelist": at("sources.list"),
    "Dir::Etc::sourceparts": "-",
    "Dir::State::lists": at("lists"),
    "Dir::State::status": at("status"),
    "Dir::Cache": at("cache"),
    // A folder of this user's: apt's own user may not write there, and says so for each file.
    "APT::Sandbox::User": "",
  }).flatMap(([key, value]) => ["-o", `${key}=${value}`]);
  const apt = (command: readonly string[], cwd = folder) =>
    read("apt-get", [...options, "--quiet", "--quiet", ...command], cwd);
  await apt(["update"]);
  return {
    listNeeded: async (...names) => {
      const said = await apt(["--print-uris", "--yes", "--no-install-recommends", "install", ...names]);
      return [...said.matchAll(/ ([a-z0-9][a-z0-9+.-]+)_\S+\.deb \d/g)].map(([, name = ""]) => name);
    },
    unpack: async (names, root) => {
      const packages = at("packages");
      await apt(["download", ...names], packages);
      await mkdir(root, { recursive: true });
      const files = (await readdir(packages)).filter((file) => names.includes(file.split("_")[0] ?? ""));
      for (const file of files)
        await run("dpkg-deb", ["--extract", join(packages, file), root], { cwd: root });
      await leadLinksInto(root);
    },
    unpackSource: async (name, to) => {
      const sources = at("sources");
      await mkdir(sources, { recursive: true });
      await apt(["--download-only", "source", name], sources);
      const description = (await readdir(sources)).find((file) => file.endsWith(".dsc")) ?? "";
      await rm(to, { recursive: true, force: true });
      await mkdir(dirname(to), { recursive: true });
      // apt has checked the sums of what it brought against the signed index.
      await run("dpkg-source", ["--no-check", "--extract", description, to], { cwd: sources });
    },
  };
}

async function read(program: string, args: readonly string[], cwd: string): Promise<string> {
  return (await run(program, args, { cwd })).toString("utf8");
}

/** Where this machine takes Debian's main component from. */
async function findMirror(): Promise<string> {
  const format = "$(ORIGIN) $(COMPONENT) $(LABEL) $(REPO_URI)";
  const said = await read("apt-get", ["indextargets", "--format", format, "Created-By: Packages"], "/");
  const [, mirror] = /^Debian main Debian (\S+)$/m.exec(said) ?? [];
  if (mirror === undefined)
    throw new Error("apt knows no mirror of Debian's main component here; this needs a Debian");
  return mirror;
}

async function leadLinksInto(root: string): Promise<void> {
  const links = await read("find", [root, "-type", "l", "-lname", "/*"], root);
  for (const link of links.split("\n").filter((line) => line !== "")) {
    const target = await readlink(link);
    await rm(link);
    await symlink(join(root, target), link);
  }
}
