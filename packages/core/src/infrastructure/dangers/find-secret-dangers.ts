// SPDX-License-Identifier: Apache-2.0
import { type ConfigurationValue, literalOf, objectsIn } from "../configuration-value.ts";
import type { Danger, DeclaredResource } from "../resource.ts";
import { type Attribute, type ChangeView, describe, toSnake } from "./change-view.ts";

export const SECRET_NAMES =
  /(?:^|_)(?:password|passwd|passphrase|pwd|secret|token|api_?key|apikey|private_key|access_key|secret_key|credentials?|connection_string|auth_key|client_secret|signing_key|encryption_key|webhook_url|secret_string|master_user_password)$/;
const NO_SECRET =
  /(?:^|_)(?:secret_name|existing_secret|key_name|token_url|password_policy|secret_ref|manage_\w+|rotate_\w+|use_\w+|http_tokens|secret_id|kms_\w+|ssh_public_key|automount\w*|token_expiration\w*)$/;
const PLACEHOLDER =
  /^(?:|true|false|null|read|write|none|\d{1,3}|changeme|replace.?me|todo|xxx+|<[^>]*>|\*+|dummy|example|placeholder|none|optional|required|default|unset)$/i;
const REFERENCE =
  /^\$|\$\{|\{\{|^arn:|^\/|^https?:\/\/[^:@]*$|^(?:vault|ssm|secretsmanager|op|gsm|sops|ENC|projects)[:/[]|resolve:|^!|^@|^[\w-]+\.[\w.-]+\[?|^data\.|^var\.|^AQICA|^ENC\[|^Ag[A-Za-z0-9+/]{100}/;
/** What tokens of well-known services look like, wherever they stand. */
const KNOWN =
  /-----BEGIN (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY-----|\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}|\bgithub_pat_[A-Za-z0-9_]{60}|\bglpat-[A-Za-z0-9_-]{20}|\bxox[abprs]-[A-Za-z0-9-]{10}|\bsk-(?:ant-|proj-)?[A-Za-z0-9_-]{32}|\bsk_live_[A-Za-z0-9]{16}|\bAIza[0-9A-Za-z_-]{35}|\bnpm_[A-Za-z0-9]{36}|\bpypi-[A-Za-z0-9_-]{32}|\bdckr_pat_[A-Za-z0-9_-]{20}|\bhf_[A-Za-z]{34}|\bhv[sb]\.[A-Za-z0-9_-]{24}|\bdop_v1_[a-f0-9]{64}|\bshpat_[a-f0-9]{32}|\bSG\.[\w-]{16,32}\.[\w-]{32}|\bAGE-SECRET-KEY-1[0-9A-Z]{50}|:\/\/[^\s/:@]{1,80}:[^\s/@${]{3,80}@/;

/** Secrets that anybody who reads the repository, the plan or the log can read. */
export function findSecretDangers(view: ChangeView): readonly Danger[] {
  if (view.isDeleted) return [];
  const fresh = view.newTexts;
  return [
    ...describe("secret-exposed", "stands there in plain text:", [
      ...fresh.filter((each) => isSecret(each) || isSecretValue(view, each)).map(({ path }) => path),
      ...findNamedSecrets(view),
    ]),
    ...findUncovered(view),
    ...findPrinted(fresh),
  ];
}

const SEALED = /(?:^|\.)(?:encrypted_data|remote_ref)\.|(?:^|\.)data\.secret_key$/;
/** `githubConfigSecret: runner-token`: the name of an object, as Kubernetes forms them. */
const OBJECT_NAME = /^[a-z]+(?:-[a-z]+)+$/;

function isSecret({ name, path, text, isLiteral }: Attribute): boolean {
  // Sealed, or a reference to where it is kept.
  if (!isLiteral || SEALED.test(path)) return false;
  if (KNOWN.test(text)) return true;
  if (/(?:^|\.)literals$/.test(path)) return isWrittenOut(text);
  if (SCRIPTS.test(name)) return isInScript(text);
  const isNamed =
    SECRET_NAMES.test(name) &&
    !NO_SECRET.test(name) &&
    !(name.endsWith("secret") && OBJECT_NAME.test(text)) &&
    !/valuefrom|value_from|secret_key_ref|\bref\b/.test(path);
  return isNamed && text.length >= 4 && !PLACEHOLDER.test(text) && !REFERENCE.test(text);
}

const SCRIPTS =
  /^(?:user_data|userdata|custom_data|startup_script|metadata_startup_script|run|script|cmd|command|content|line|block)$/;
const SET =
  /(?:^|[\s;])(?:export\s+)?\w{0,60}(?:PASSWORD|PASSWD|SECRET|TOKEN|API_KEY|ACCESS_KEY|PRIVATE_KEY)\w{0,20}=(["']?)([^\s"'$`{}()<>;|&]{8,200})\1(?=[\s;]|$)/g;

/** What a command is told to log in by. */
const HANDED =
  /(?:_authToken=|_password=|\bAuthorization:\s*(?:Bearer|Basic|token)\s+|\bcurl\b[^\n|;&]{0,200}\s(?:-u|--user)[ =]["']?[\w.@-]{1,80}:|\s--(?:password|token|api-key|access-token|secret)[ =]["']?)([^\s"'$`{}()<>;|&]{8,200})/gi;

/** `export DB_PASSWORD=…` in what a machine or a pipeline runs. */
function isInScript(text: string): boolean {
  const script = text.slice(0, 20_000);
  const values = [
    ...[...script.matchAll(SET)].map(([, , value = ""]) => value),
    ...[...script.matchAll(HANDED)].map(([, value = ""]) => value),
  ];
  return values.some((value) => !PLACEHOLDER.test(value) && !REFERENCE.test(value) && /\d/.test(value));
}

/** `password=…` of a secretGenerator. */
function isWrittenOut(text: string): boolean {
  const [, name = "", value = ""] = /^([\w.-]+)=(.*)$/s.exec(text) ?? [];
  return (
    SECRET_NAMES.test(toSnake(name)) &&
    value.length >= 4 &&
    !PLACEHOLDER.test(value) &&
    !REFERENCE.test(value)
  );
}

/** What holds secrets holds one in its value, whatever that is called. */
function isSecretValue({ category, type }: ChangeView, { path, text, isLiteral }: Attribute): boolean {
  const holds = category === "secrets" && /parameter|secret|vault|password/.test(type);
  const isValue =
    /(?:^|\.)(?:value|secret_string|secret_data|data_json|plaintext|plaintext_value|default|secret_binary)(?:\.|$)/.test(
      path,
    );
  return (
    holds && isValue && isLiteral && text.length >= 4 && !PLACEHOLDER.test(text) && !REFERENCE.test(text)
  );
}

/** `{name: DB_PASSWORD, value: …}` and the data of a Secret, which the name of no attribute tells. */
function findNamedSecrets({ pair: { before, after } }: ChangeView): readonly string[] {
  if (after === null) return [];
  const old = new Set(before === null ? [] : namedValues(before));
  return namedValues(after)
    .filter((each) => !old.has(each))
    .map((each) => each.split("\0")[0] ?? "");
}

function namedValues(resource: DeclaredResource): readonly string[] {
  const pairs = objectsIn(resource.body).flatMap((each) => {
    const [name, value] = [literalOf(each, "name", "Name", "key"), literalOf(each, "value", "Value")];
    if (name === undefined || value === undefined) return [];
    const isNamed =
      SECRET_NAMES.test(toSnake(name)) &&
      value.length >= 4 &&
      !PLACEHOLDER.test(value) &&
      !REFERENCE.test(value);
    return isNamed ? [`${name}\0${value}`] : [];
  });
  return [
    ...pairs,
    ...(resource.kind === "kubernetes" && resource.type === "Secret" ? secretData(resource.body) : []),
  ];
}

function secretData(body: ConfigurationValue): readonly string[] {
  return body.fields
    .filter(({ name }) => name === "data" || name === "stringData")
    .flatMap(({ value }) => value.fields)
    .filter(
      ({ value: { literal } }) => literal !== null && !PLACEHOLDER.test(literal) && !REFERENCE.test(literal),
    )
    .map(({ name, value }) => `${name}\0${value.literal ?? ""}`);
}

/** What was hidden is shown: `sensitive` is gone, a SecureString becomes a String. */
function findUncovered(view: ChangeView): readonly Danger[] {
  const isOpened =
    view.after.some(({ text }) => /\bnonsensitive\b/.test(text)) &&
    !view.before.some(({ text }) => /\bnonsensitive\b/.test(text));
  const uncovered = view.changes.filter(({ name, before, after }) => {
    if (/^(?:sensitive|no_echo|ephemeral)$/.test(name)) return before[0] === "true" && after[0] !== "true";
    return name === "type" && before[0] === "SecureString" && after[0] === "String";
  });
  return describe("secret-exposed", "is no longer hidden:", [
    ...uncovered.map(({ path, before, after }) => `${path} ${before.join()} → ${after.join() || "(gone)"}`),
    ...(isOpened ? ["nonsensitive(…)"] : []),
  ]);
}

const NAMED = "\\w*(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_KEY|CREDENTIAL)\\w*";
/** Into another command's input or a file is not onto the screen; by another writing the log's mask no longer fits. */
const ONTO_SCREEN =
  "(?:$|[;&]|\\|\\s*(?:base64|base32|rev|xxd|od|hexdump|tee|fold|cut|tr|sed|awk|cat|grep|head)\\b)";
const PRINTED = new RegExp(
  [
    "\\b(?:echo|printf|cat|print|debug|curl)\\b[^\\n]{0,300}\\$\\{\\{[^}\\n]{0,40}\\bsecrets\\.",
    `\\b(?:echo|printf|Write-(?:Host|Output)|puts|println)\\b(?![^\\n]{0,20}::add-mask::)[^\\n|;&>]{0,200}\\$(?:env:)?\\{?${NAMED}\\}?[^\\n|;&>]{0,200}${ONTO_SCREEN}`,
    "toJSON\\(secrets\\)",
    `--build-arg[ =]${NAMED}=`,
  ].join("|"),
  "i",
);

const SCRIPT_NAMES = /^(?:run|script|sh|cmd|command|commands|bash|before_script|after_script)$/;
const DUMPED = /^\s*(?:printenv|env)\s*(?:$|\|)/m;

function findPrinted(fresh: readonly Attribute[]): readonly Danger[] {
  const lines = fresh.flatMap(({ text }) =>
    text
      .slice(0, 100_000)
      .split("\n")
      .filter((line) => PRINTED.test(line.slice(0, 1000))),
  );
  // Of a script only: elsewhere it is a word like others.
  const dumped = fresh.filter(
    ({ name, text }) => SCRIPT_NAMES.test(name) && DUMPED.test(text.slice(0, 100_000)),
  );
  const inherited = fresh.filter(({ name, text }) => name === "build_args" && /\bsecrets\./.test(text));
  return [
    ...describe("secret-exposed", "prints a secret:", lines),
    ...describe(
      "secret-exposed",
      "prints all that it is given:",
      dumped.map(({ path }) => path),
    ),
    ...describe(
      "secret-exposed",
      "stays in the history of the image:",
      inherited.map(({ path }) => path),
    ),
  ];
}
