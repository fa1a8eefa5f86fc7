// SPDX-License-Identifier: Apache-2.0

/** Variables by name, such as process.env. */
export type Environment = Readonly<Record<string, string | undefined>>;

const PASSED = [
  "PATH",
  "HOME",
  "TERM",
  "LANG",
  "LC_ALL",
  "LC_CTYPE",
  "TMPDIR",
  // The agent, and how a passphrase or a touch is asked for without a terminal.
  "SSH_AUTH_SOCK",
  "SSH_ASKPASS",
  "SSH_ASKPASS_REQUIRE",
  "DISPLAY",
  "WAYLAND_DISPLAY",
  "XAUTHORITY",
  "XDG_RUNTIME_DIR",
  "DBUS_SESSION_BUS_ADDRESS",
  // Security keys and smart cards.
  "SSH_SK_PROVIDER",
  "SSH_SK_HELPER",
  "SSH_PKCS11_HELPER",
  // Windows finds neither its libraries nor the user's profile without these.
  "SystemRoot",
  "USERPROFILE",
  "TEMP",
];

/** What ssh-keygen needs and nothing else: a hook's environment holds API keys that are none of its business. */
export function toSshEnvironment(environment: Environment): Record<string, string> {
  const entries = PASSED.map((name) => [name, environment[name]] as const);
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
