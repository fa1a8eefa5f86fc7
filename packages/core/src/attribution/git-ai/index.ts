// SPDX-License-Identifier: Apache-2.0
export { formatGitAiNote } from "./format-note.ts";
export * from "./note.ts";
export { type NoteOptions, type NoteResult, noteFromRecord, type OmittedFile } from "./note-from-record.ts";
export { parseGitAiNote } from "./parse-note.ts";
export { type NoteSubject, recordFromNote } from "./record-from-note.ts";
