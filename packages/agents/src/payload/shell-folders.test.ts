// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { shellFolders } from "./shell-folders.ts";

const at = (command: string) => shellFolders([command], "/repo", "/users/dev");

test.each([
  ["cd sub && make", ["/repo/sub"]],
  ["cd /other && cd deeper; ls", ["/other", "/other/deeper"]],
  ["pushd ../library >/dev/null", ["/library"]],
  ["git -C ../other commit -m 'cd nowhere'", ["/other"]],
  ["git -C '/with space/repo' status", ["/with space/repo"]],
  ["npm --prefix=../web ci", ["/web"]],
  ["make -C build all", ["/repo/build"]],
  ["cd ~/project && git pull", ["/users/dev/project"]],
  ['cd "$HOME/a b"', ["/users/dev/a b"]],
  ["cp x.ts /srv/app/src/x.ts", ["/srv/app/src"]],
  ["cat ../sibling/a.ts", ["/sibling"]],
  ["(cd a;cd b)", ["/repo/a", "/repo/a/b"]],
])("%s", (command, folders) => {
  expect(at(command)).toEqual(folders);
});

test("follows no variable, no substitution and no option, and leaves the system's folders out", () => {
  for (const command of [
    "cd $DIR",
    "cd `pwd`",
    "cd -",
    "cd",
    "cd ''",
    "/usr/bin/env x",
    "echo hi > /dev/null",
    "cd .",
  ])
    expect(at(command)).toEqual([]);
});

test("stops at sixteen folders and is quick with a command of megabytes", () => {
  const many = Array.from({ length: 100 }, (_, index) => `cd /x${index}`).join(";");
  expect(at(many)).toHaveLength(16);
  const started = process.cpuUsage().user / 1000;
  at(`echo ${"a'".repeat(2_000_000)}`);
  expect(process.cpuUsage().user / 1000 - started).toBeLessThan(30_000);
});
