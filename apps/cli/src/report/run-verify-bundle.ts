// SPDX-License-Identifier: Apache-2.0
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { checkBundle } from "@countersign/audit";
import { type AuditBundle, type BundleVerification, parseAuditBundle } from "@countersign/core/audit";
import { toBase64 } from "@countersign/core/ids";
import { displayText, formatSafeJson, type Palette } from "@countersign/core/render";
import { type CliContext, paletteOf } from "../cli-context.ts";
import type { CommonFlags } from "../common-flags.ts";
import { type ExitCode, UsageError } from "../exit-code.ts";
import type { TrustFlags } from "../ledger/ledger-flags.ts";
import { readTrust, startOf } from "../ledger/ledger-place.ts";
import { type BundlePage, comparePage } from "./compare-page.ts";

/** `ledger verify --bundle FILE`: a bundle, or an HTML report with one inside. No network, no repository, no Git. */
export async function runVerifyBundle(
  context: CliContext,
  flags: CommonFlags & TrustFlags & { readonly trustedRoot?: string },
  path: string,
): Promise<ExitCode> {
  const trust = await readTrust(context, flags);
  const { bytes, page } = await readBundle(context, path);
  // What is no bundle at all is named like what is wrong in one, with the same exit code: it is not what it was given out as.
  const bundle = parseAuditBundle(bytes);
  const trustedRoot = await readRoot(context, flags.trustedRoot);
  const result = withPage(await checkBundle(bundle, { ledger: trust, trustedRoot }), bundle, page);
  if (bundle.log !== null && trust === undefined)
    context.warn("the log was taken at the bundle's own word for its key; --log-key says whose word counts");
  if (bundle.trustedRoot !== null && trustedRoot === undefined)
    context.warn(
      "certificates were checked by the bundle's own Sigstore root; --trusted-root says whose word counts",
    );
  context.outcome.exitCode = result.isSound ? 0 : 1;
  await context.output.write(
    flags.json ? formatJson(bundle, result) : formatText(bundle, result, paletteOf(context, flags.color)),
  );
  return result.isSound ? 0 : 1;
}

async function readRoot(context: CliContext, path: string | undefined): Promise<Uint8Array | undefined> {
  if (path === undefined) return undefined;
  try {
    return await readFile(resolve(startOf(context), path));
  } catch (cause) {
    const message = `--trusted-root ${path} cannot be read; expected the trusted_root.json of a Sigstore instance`;
    throw new UsageError(message, { cause });
  }
}

const OPEN = '<script type="application/json" id="countersign-bundle">';
const CLOSE = "</script>";

/** The page escapes every `<` within the bundle, so that the next one ends it. */
async function readBundle(context: CliContext, path: string): Promise<ReadBundle> {
  const bytes = await readOrRefuse(resolve(startOf(context), path), path);
  const isPage = /^\s*<!doctype html/i.test(bytes.subarray(0, 200).toString("utf8"));
  if (!isPage) return { bytes, page: undefined };
  const start = bytes.indexOf(OPEN);
  const end = bytes.indexOf(CLOSE, start);
  if (start < 0 || end < 0)
    throw new UsageError(`${path} is a page without a bundle; nothing in it can be checked`);
  if (bytes.indexOf(OPEN, start + 1) >= 0)
    throw new UsageError(`${path} holds two bundles; a page of ours has one, and shows that one`);
  const inside = bytes.subarray(start + OPEN.length, end);
  return { bytes: inside, page: { text: bytes.toString("utf8"), bundle: inside.toString("utf8") } };
}

interface ReadBundle {
  readonly bytes: Uint8Array;
  /** Where the file is a page. */
  readonly page: BundlePage | undefined;
}

function withPage(
  result: BundleVerification,
  bundle: AuditBundle,
  page: BundlePage | undefined,
): BundleVerification {
  if (page === undefined) return result;
  const { faults, unproved } = comparePage(page, bundle);
  return {
    ...result,
    isSound: result.isSound && faults.length === 0,
    faults: [...faults, ...result.faults],
    unproved: [...result.unproved, ...unproved],
  };
}

async function readOrRefuse(file: string, path: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new UsageError(`--bundle ${path} cannot be read; expected a bundle or an HTML report`, { cause });
  }
}

function formatJson(
  { log }: AuditBundle,
  { isSound, faults, unproved, counts, checkpoint, isKeyTrusted }: BundleVerification,
) {
  return `${formatSafeJson({
    version: 1,
    isSound,
    isKeyTrusted,
    log:
      checkpoint === null
        ? null
        : {
            origin: checkpoint.origin,
            treeSize: checkpoint.treeSize,
            rootHash: toBase64(checkpoint.rootHash),
            key: log?.key ?? null,
            cosigned: checkpoint.cosigned.map(({ witness }) => witness.name),
          },
    counts,
    faults,
    unproved,
  })}\n`;
}

const MOST_FAULTS = 50;

function countSerious({ gaps }: AuditBundle["report"]): number {
  return gaps.filter(({ severity }) => severity === "high").reduce((sum, { count }) => sum + count, 0);
}

function formatText(
  { report, log }: AuditBundle,
  { isSound, faults, unproved, counts, checkpoint }: BundleVerification,
  palette: Palette,
): string {
  const count = (number: number, what: string) => `${number} ${what}`;
  const lines = [
    isSound
      ? `✔ sound: the report follows from the evidence in this file${unproved.length === 0 ? "" : ", but for what is not proved here"}`
      : `✘ not sound: ${faults.length} fault(s)`,
    ...(checkpoint === null
      ? [
          log === null
            ? "  log       none: when evidence came is its authors' word alone"
            : "  log       its checkpoint does not verify",
        ]
      : [
          `  log       ${checkpoint.origin}, ${checkpoint.treeSize} entries, root ${toBase64(checkpoint.rootHash)}`,
          `  proofs    ${count(counts.entries, "entries under that root")}`,
        ]),
    `  evidence  ${count(counts.signatures, "signatures")}, ${counts.machines > 0 ? `${count(counts.machines, "of them by machines")}, ` : ""}${count(counts.records, "records")}, ${count(counts.unlogged, "not in the log")}, ${count(counts.redacted, "redacted")}, ${count(counts.withheld, "withheld")}`,
    `  report    ${count(counts.changes, "changes")}, ${count(counts.signOffs, "sign-offs that follow from a statement")}, made ${report.generatedAt}`,
    `  says      ${report.totals.assisted} of ${report.totals.changes} changes with AI, ${report.totals.signedOff} of these signed off; ${countSerious(report)} serious gap(s)`,
    `  about     ${report.base ?? "the first commit"} … ${report.head}, ${report.target} of ${report.repository || "(unnamed)"}`,
    ...unproved.map(({ message }) => `! not proved here: ${message}`),
    ...faults.slice(0, MOST_FAULTS).map(({ part, code, message }) => `✘ ${part}: ${message} (${code})`),
    ...(faults.length > MOST_FAULTS ? [`  and ${faults.length - MOST_FAULTS} more`] : []),
  ].map((line) => displayText(line, 2000));
  const paint = isSound ? palette.good : palette.bad;
  return `${lines.map((line) => (/^[✔✘]/u.test(line) ? paint(line) : line)).join("\n")}\n`;
}
