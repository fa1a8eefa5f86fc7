// SPDX-License-Identifier: Apache-2.0
export * from "./blame-line.ts";
export { formatCodeQuality } from "./code-quality.ts";
export { displayCode, displayText } from "./display-text.ts";
export type { GateReport, ReportCommit, ReportTool } from "./gate-report.ts";
export { formatGithubAnnotations } from "./github-annotations.ts";
export { formatJsonReport } from "./json-report.ts";
export { formatMarkdownReport, MARKDOWN_LIMIT } from "./markdown-report.ts";
export { htmlText, markdownCode, markdownText } from "./markup-text.ts";
export { nextCommand } from "./next-command.ts";
export { type Palette, PLAIN_PALETTE } from "./palette.ts";
export * from "./reconcile-row.ts";
export { formatSafeJson } from "./safe-json.ts";
export { formatSarif } from "./sarif-report.ts";
export { formatScanRecord, formatScanRow, type ScanRecord, toClaimedTime } from "./scan-record.ts";
export { COMMIT_STATES, formatScanSummary, type ScanSummary } from "./scan-summary.ts";
export { shellWord } from "./shell-word.ts";
export { formatTerminalReport, type TerminalOptions } from "./terminal-report.ts";
export { displayWidth, fitText, formatColumns, wrapText } from "./text-layout.ts";
