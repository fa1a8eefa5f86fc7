// SPDX-License-Identifier: Apache-2.0

/** Attributes that say the oldest version of TLS, or the policy that names it. */
export const TLS_NAMES =
  /(?:tls|ssl)\w*version|^(?:ssl|tls)_policy$|security_policy(?:_name)?$|^minimum_protocol_version$|^min_version$|^min_tls$|^tls_version$|^ssl_protocols?$|^minimum_version$|^tls_security_policy$|^minimum_tls_version$|^min_protocol_version$/;

/**
 * The oldest minor version of TLS 1 that a value lets in, -1 for SSL 3; undefined where it names none. Names of policies are read as their
 * providers form them: `ELBSecurityPolicy-TLS13-1-2-2021-06` lets in 1.2, and one without a version 1.0.
 */
export function toTlsVersion(text: string): number | undefined {
  const value = text.toLowerCase();
  if (/ssl_?v?[23]/.test(value)) return -1;
  const named = /tls13[-_]1[-_]([0-3])/.exec(value) ?? /tls[-_ ]?v?[-_]?1[._-]?([0-3])(?!\d)/.exec(value);
  const plain = /^v?1\.([0-3])$/.exec(value) ?? /fs-1-([0-3])/.exec(value);
  const version = named?.[1] ?? plain?.[1];
  if (version !== undefined) return Number(version);
  return /^tls_?v?1$|^elbsecuritypolicy-|^tlsv1_2016$/.test(value) ? 0 : undefined;
}

/** Whether another value lets in older versions, or is an older policy of the same name. */
export function isOlderTls(before: string, after: string): boolean {
  const [old, now] = [toTlsVersion(before), toTlsVersion(after)];
  if (old !== undefined && now !== undefined && old !== now) return now < old;
  const [, family, date = ""] = DATED.exec(before) ?? [];
  const [, other, later = ""] = DATED.exec(after) ?? [];
  return family !== undefined && family === other && later < date;
}

const DATED = /^(.{3,60}?)-(\d{4}-\d{2})$/;
