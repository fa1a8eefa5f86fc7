// SPDX-License-Identifier: Apache-2.0

import { quotePosix } from "./hook-command.ts";
import type { HookCommand } from "./hook-descriptor.ts";

/** Stands in for git-ai towards programs that report to it: answers its version, and records what it is told. */
export function gitAiShim({ words }: HookCommand): string {
  const recorder = words.slice(0, -1).map(quotePosix).join(" ");
  return `#!/bin/sh
# Written by countersign init: countersign-record in the place of git-ai, for programs that report their edits to it.
case "$1" in
  --version | -V | version) echo "git-ai 0.0.0 (countersign-record)" ;;
  checkpoint) ${recorder} "$2" || exit 0 ;;
esac
exit 0
`;
}
