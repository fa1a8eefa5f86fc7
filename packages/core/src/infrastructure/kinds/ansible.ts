// SPDX-License-Identifier: Apache-2.0
import {
  type ConfigurationField,
  type ConfigurationValue,
  fieldsOf,
  type LineRange,
  toObject,
} from "../configuration-value.ts";
import type { DeclaredResource, ParsedConfiguration } from "../resource.ts";
import { readYaml } from "../text/yaml-value.ts";
import { inOrder, wordOf } from "./file-document.ts";

/** Keys of a task that are no module (docs.ansible.com, playbook keywords). */
const KEYWORDS = new Set(
  "action any_errors_fatal args async become become_exe become_flags become_method become_user changed_when check_mode collections connection debugger delay delegate_facts delegate_to diff environment failed_when ignore_errors ignore_unreachable listen local_action loop loop_control module_defaults name no_log notify poll port register remote_user retries run_once tags throttle timeout until vars when".split(
    " ",
  ),
);
const TASKS = new Set(["tasks", "pre_tasks", "post_tasks", "handlers"]);
const BLOCKS = new Set(["block", "rescue", "always"]);

/** Tasks of a playbook or of a role, and what a play says besides. */
export function parseAnsible(text: string): ParsedConfiguration {
  const { documents, problems } = readYaml(text);
  const resources = documents.flatMap(({ value, lines }) =>
    value.items.flatMap((item) => toParts(item, lines)),
  );
  return { resources: inOrder(resources), problems };
}

function toParts(item: ConfigurationValue, lines: LineRange): readonly DeclaredResource[] {
  const own = linesOf(item, lines);
  const names = item.fields.map(({ name }) => name);
  if (names.some((name) => BLOCKS.has(name))) return toBlock(item, own);
  const isPlay = names.some((name) => TASKS.has(name) || name === "hosts" || /import_playbook$/.test(name));
  return isPlay ? toPlay(item, own) : toTask(item, own);
}

function toPlay(play: ConfigurationValue, lines: LineRange): readonly DeclaredResource[] {
  const rest = toObject(play.fields.filter(({ name }) => !TASKS.has(name)));
  const name = wordOf(fieldsOf(play, "name", "hosts")[0]);
  const tasks = play.fields.filter((field) => TASKS.has(field.name));
  return [
    { kind: "ansible", type: "play", name, lines, body: rest },
    ...tasks.flatMap((field) => field.value.items.flatMap((task) => toParts(task, field.lines))),
  ];
}

/** A block's own condition holds for all of its tasks. */
function toBlock(block: ConfigurationValue, lines: LineRange): readonly DeclaredResource[] {
  const rest = block.fields.filter(({ name }) => !BLOCKS.has(name));
  const parts = block.fields.filter(({ name }) => BLOCKS.has(name));
  const tasks = parts.flatMap((field) => field.value.items.flatMap((task) => toParts(task, field.lines)));
  const own: readonly DeclaredResource[] =
    rest.length === 0
      ? []
      : [
          {
            kind: "ansible",
            type: "block",
            name: wordOf(fieldsOf(block, "name")[0]),
            lines,
            body: toObject(rest),
          },
        ];
  return [...own, ...tasks];
}

function toTask(task: ConfigurationValue, lines: LineRange): readonly DeclaredResource[] {
  if (task.fields.length === 0) return [];
  const module = task.fields.find(({ name }) => !KEYWORDS.has(name) && !name.startsWith("with_"));
  const type = module?.name ?? "task";
  const name = wordOf(fieldsOf(task, "name")[0]);
  const others = task.fields.filter((field) => field !== module && field.name !== "name");
  const body = toObject([...(module === undefined ? [] : toArguments(module)), ...others]);
  return [{ kind: "ansible", type, name: name === "" ? type : name, lines, body }];
}

/** A command in free form is an argument too. */
function toArguments({ value, lines }: ConfigurationField): readonly ConfigurationField[] {
  return value.fields.length > 0 ? value.fields : [{ name: "cmd", value, lines }];
}

function linesOf({ fields }: ConfigurationValue, outer: LineRange): LineRange {
  if (fields.length === 0) return outer;
  return [
    Math.min(...fields.map((field) => field.lines[0])),
    Math.max(...fields.map((field) => field.lines[1])),
  ];
}
