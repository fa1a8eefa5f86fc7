// SPDX-License-Identifier: Apache-2.0

export type SigningErrorCode =
  | "KEY_NOT_FOUND"
  | "KEY_UNREADABLE"
  | "KEY_PERMISSIONS"
  | "AGENT_UNREACHABLE"
  | "AGENT_KEY_MISSING"
  | "SSH_KEYGEN_MISSING"
  | "SIGNING_FAILED";

/**
 * Signing or reading a key did not work. All codes but SIGNING_FAILED are about the caller's set-up and say how to mend
 * it; SIGNING_FAILED covers a wrong passphrase, a declined touch or an unplugged key: trying again may help.
 */
export class SigningError extends Error {
  readonly code: SigningErrorCode;
  constructor(code: SigningErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "SigningError";
    this.code = code;
  }
}
