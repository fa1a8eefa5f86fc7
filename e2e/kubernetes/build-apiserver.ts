// SPDX-License-Identifier: Apache-2.0
import { existsSync } from "node:fs";
import { join } from "node:path";
import { run } from "@countersign/testkit";
import { openDebianArchive } from "./debian-archive.ts";
import { toGoEnvironment } from "./go-environment.ts";

/** The newest suite whose source package holds the whole server; later ones hold kubectl alone. Its Kubernetes is 1.20. */
const SUITE = "bookworm";
const GO = "golang-1.19";

export interface ApiServerPrograms {
  readonly apiserver: string;
  /** A folder with `etcd` in it. */
  readonly path: string;
}

/** kube-apiserver from Debian's source package, and its etcd; about eight minutes on two cores the first time. */
export async function buildApiServer(cache: string): Promise<ApiServerPrograms> {
  const root = join(cache, "root");
  const programs = { apiserver: join(cache, "kube-apiserver"), path: join(root, "usr/bin") };
  if (existsSync(programs.apiserver)) return programs;
  const goPath = join(cache, "go");
  const source = join(goPath, "src/k8s.io/kubernetes");
  const archive = await openDebianArchive(SUITE, join(cache, "apt"));
  await archive.unpack([`${GO}-go`, `${GO}-src`, "etcd-server", "rsync"], root);
  await archive.unpackSource("kubernetes", source);
  const environment = toGoEnvironment(cache, join(root, "usr/lib", GO.replace("lang", "")), [goPath]);
  await run("make", ["generated_files"], { cwd: source, environment });
  await run("go", ["build", "-o", programs.apiserver, "./cmd/kube-apiserver"], { cwd: source, environment });
  return programs;
}
