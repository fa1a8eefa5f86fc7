// SPDX-License-Identifier: Apache-2.0
import { delimiter, join } from "node:path";

/** What `go` is started with: the one unpacked at `goRoot`, nothing from the network, nothing written outside `cache`. */
export function toGoEnvironment(
  cache: string,
  goRoot: string,
  goPath: readonly string[],
): Readonly<Record<string, string>> {
  return {
    PATH: [join(goRoot, "bin"), join(cache, "root/usr/bin"), process.env.PATH ?? ""].join(delimiter),
    HOME: cache,
    GOROOT: goRoot,
    GOPATH: goPath.join(delimiter),
    GOCACHE: join(cache, "go-cache"),
    // Libraries as Debian has them lie in folders, not in modules.
    GO111MODULE: "off",
    GOPROXY: "off",
    GOTOOLCHAIN: "local",
    CGO_ENABLED: "0",
  };
}
