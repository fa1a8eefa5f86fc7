// SPDX-License-Identifier: Apache-2.0

/**
 * The plugin that OpenCode loads: runs in OpenCode's own process, so it catches everything, keeps OpenCode waiting for the
 * recorder ten seconds at most, and passes on nothing but edits and commands.
 */
export function openCodePlugin(words: readonly string[]): string {
  return `// Written by countersign init: tells countersign-record which files OpenCode changes. Removed by countersign init --uninstall.
import { spawn } from "node:child_process";

const COMMAND = ${JSON.stringify(words)};
const TOOLS = new Set(["write", "edit", "multiedit", "patch", "apply_patch", "bash", "shell"]);
const LIMIT = 10000;

/** Model and parent of each session, told by other events than the calls'. */
const models = new Map();
const parents = new Map();

function send(payload) {
  return new Promise((resolve) => {
    let timer;
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    try {
      const child = spawn(COMMAND[0], COMMAND.slice(1), { stdio: ["pipe", "ignore", "ignore"], cwd: payload.directory });
      timer = setTimeout(() => {
        child.kill();
        done();
      }, LIMIT);
      child.on("error", done);
      child.on("close", done);
      child.stdin.on("error", () => {});
      child.stdin.end(JSON.stringify(payload));
    } catch {
      done();
    }
  });
}

function remember(session, model) {
  const id = model?.modelID ?? model?.id;
  if (session && id) models.set(session, model.providerID ? \`\${model.providerID}/\${id}\` : id);
}

export const CountersignRecord = async (context) => {
  const report = async (event, sessionID, rest) => {
    try {
      await send({
        event,
        directory: context.directory,
        sessionID,
        model: models.get(sessionID),
        parentID: parents.get(sessionID),
        ...rest,
      });
    } catch {}
  };
  const call = (event) => async (input, output) => {
    if (!TOOLS.has(input?.tool)) return;
    const { args, metadata } = output ?? {};
    const exit = metadata?.exit;
    await report(event, input.sessionID, { input, output: { args, metadata: exit === undefined ? undefined : { exit } } });
  };
  return {
    "chat.message": async (input) => {
      try {
        remember(input?.sessionID, input?.model);
      } catch {}
    },
    "chat.params": async (input) => {
      try {
        if (input?.agent !== "title") remember(input?.sessionID, input?.model);
      } catch {}
    },
    "tool.execute.before": call("tool.execute.before"),
    "tool.execute.after": call("tool.execute.after"),
    event: async (given) => {
      try {
        const event = given?.event;
        const info = event?.properties?.info;
        if (event?.type === "session.created" && info?.parentID) parents.set(info.id, info.parentID);
        if (event?.type === "session.idle") await report(event.type, event.properties?.sessionID, {});
        if (event?.type === "session.deleted") await report(event.type, info?.id, {});
      } catch {}
    },
  };
};
`;
}
