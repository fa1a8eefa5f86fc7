// SPDX-License-Identifier: Apache-2.0
import type { Danger } from "../resource.ts";
import { type AttributeChange, type ChangeView, describe, formatChange } from "./change-view.ts";

/** Attributes that say how a caller proves who it is. */
const LOGINS = new Set(
  "authorization authorization_type auth_type auth_mode auth authentication authentication_type authentication_mode function_url_auth_type function_auth_type default_authorizer authorizer api_authentication server_authentication client_authentication auth_method default_action_on_unmatched security default_auth default_inbound_policy access_policy".split(
    " ",
  ),
);
const OPEN =
  /^(?:none|anonymous|noauth|no_auth|unauthenticated|all_unauthenticated|all-unauthenticated|open|disabled|off|public|allow_anonymous|no-password-required|no-password|nopass)$/i;

/** A call that no longer asks who calls: the check is off, and everybody may call. */
export function findLoginDangers(view: ChangeView): readonly Danger[] {
  if (view.isDeleted) return [];
  const skipped = view.changes.filter(
    ({ path, name, before, after }) =>
      name === "type" &&
      (countLogins(after) < countLogins(before) ||
        (/authentication_mode\.type$/.test(path) && count(after) > count(before))),
  );
  const opened = view.changes.filter(isOpened);
  const all = opened.map(formatChange);
  return [
    ...describe("wildcard-principal", "lets in everybody:", all),
    ...describe("protection-off", "no longer asks who calls:", skipped.map(formatChange)),
    ...(view.isCreated ? [] : describe("protection-off", "no longer asks who calls:", all)),
    ...describe(
      "protection-off",
      "sends whoever logs in, and what proves it, anywhere:",
      view.changes.filter(isSentAnywhere).map(formatChange),
    ),
  ];
}

/** Where a login leads back to, by the names of several providers. */
const REDIRECTS =
  /^(?:(?:valid_|web_|login_|allowed_)*(?:post_logout_)?redirect_ur[il]s|(?:allowed_)?callback_urls|callbacks|reply_urls)$/;
/** A star where the host stands. */
const ANYWHERE = /^(?:\*|https?:\/\/[^/:]*\*|https?\*)/;

function isSentAnywhere({ name, before, after }: AttributeChange): boolean {
  return (
    REDIRECTS.test(name) &&
    after.some((text) => ANYWHERE.test(text)) &&
    !before.some((text) => ANYWHERE.test(text))
  );
}

function isOpened({ name, before, after }: AttributeChange): boolean {
  return LOGINS.has(name) && count(after) > count(before);
}

/** `authenticate-oidc`, a step before the one that forwards. */
function countLogins(texts: readonly string[]): number {
  return texts.filter((text) => /^authenticate-/.test(text)).length;
}

function count(texts: readonly string[]): number {
  return texts.filter((text) => OPEN.test(text)).length;
}
