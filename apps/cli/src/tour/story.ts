// SPDX-License-Identifier: Apache-2.0
import type { ExitCode } from "../exit-code.ts";

/** One thing that happens in the tour: something said, a file written, or a command run and shown. */
export type Scene =
  | { readonly kind: "say"; readonly text: string }
  | { readonly kind: "write"; readonly path: string; readonly content: string }
  | {
      readonly kind: "run";
      readonly command: readonly string[];
      readonly exit: ExitCode | 0;
      readonly as?: string;
      readonly quiet?: boolean;
    };

export interface Cast {
  /** Public keys as one line each. */
  readonly author: string;
  readonly senior: string;
  readonly second: string;
}

const say = (text: string): Scene => ({ kind: "say", text });
const write = (path: string, content: string): Scene => ({ kind: "write", path, content });
const git = (...args: readonly string[]): Scene => ({ kind: "run", command: ["git", ...args], exit: 0 });
const quietly = (...args: readonly string[]): Scene => ({
  kind: "run",
  command: ["git", ...args],
  exit: 0,
  quiet: true,
});
const countersign = (exit: ExitCode, ...args: readonly string[]): Scene => ({
  kind: "run",
  command: ["countersign", ...args],
  exit,
});
const CHANGE = ["--base", "main", "--head", "route-failover", "--target", "refs/heads/main"] as const;

export function toPolicy(cast: Cast): string {
  return `version: 1
extends: amazon                     # AI-assisted: one senior. AI-assisted infrastructure: two.
repository: https://git.example/shop/network
people:
  author: { emails: [author@shop.example], keys: ["${cast.author}"] }
  senior: { emails: [senior@shop.example], keys: ["${cast.senior}"] }
  second: { emails: [second@shop.example], keys: ["${cast.second}"] }
roles:
  senior: { members: [senior, second, author] }
`;
}

const ROUTES = (target: string) => `resource "aws_route" "failover" {
  route_table_id         = aws_route_table.eu_west.id
  destination_cidr_block = "0.0.0.0/0"
  transit_gateway_id     = ${target}
}
`;

const MESSAGE = `net: fail over eu-west through the transit gateway

AI-Assisted: claude-code/claude-opus-4-8; extent=generated
`;

/** The story that started all this: an AI writes a routing change, and somebody has to have looked at it. */
export function toStory(cast: Cast): readonly Scene[] {
  return [
    say("A team keeps its network in Git. Its policy lives on the branch it protects."),
    write(".countersign/policy.yml", toPolicy(cast)),
    write("routes.tf", ROUTES("aws_ec2_transit_gateway.primary.id")),
    { kind: "run", command: ["cat", ".countersign/policy.yml"], exit: 0 },
    quietly("add", "."),
    quietly("commit", "--quiet", "--message", "net: start"),
    say("An engineer lets a coding agent write a failover route and commits it. The agent left its trailer."),
    git("switch", "--create", "route-failover"),
    write("routes.tf", ROUTES("aws_ec2_transit_gateway.standby.id")),
    {
      kind: "run",
      command: ["git", "commit", "--all", "--message", MESSAGE],
      exit: 0,
      as: `git commit --all --message '${MESSAGE.trimEnd()}'`,
    },
    say("May it land? The gate asks the policy of main, not the one in the change."),
    countersign(1, "gate", ...CHANGE),
    say("The author holds the senior role too. That does not help: nobody signs off their own change."),
    countersign(1, "approve", ...CHANGE, "--key", "keys/author"),
    say("A senior who had no part in it reviews the change and signs exactly this tree with an SSH key."),
    countersign(0, "approve", ...CHANGE, "--key", "keys/senior"),
    say("It is infrastructure, so one signature is not enough. The second senior signs."),
    countersign(0, "approve", ...CHANGE, "--key", "keys/second"),
    countersign(0, "gate", ...CHANGE),
    say("Now the author amends the commit. One line differs, the message and the dates do not."),
    write("routes.tf", ROUTES("aws_ec2_transit_gateway.standby.id").replace("0.0.0.0/0", "10.0.0.0/8")),
    git("commit", "--all", "--amend", "--no-edit", "--quiet"),
    say("The signatures were for another tree. They are still on record; they no longer count."),
    countersign(1, "gate", ...CHANGE),
  ];
}
