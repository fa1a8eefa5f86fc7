// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";

// Small pieces of the policy file's schema; each `meta` also feeds error messages and editors.

const ID = /^[a-z0-9][a-z0-9._-]{0,99}$/;
const DURATION = /^[1-9]\d{0,5}[smhd]$/;
const MOMENT = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2}))?$/;

export const text = (max: number) => z.string().trim().min(1).max(max);
export const id = z
  .string()
  .regex(ID)
  .meta({ description: "a name of lower-case letters, digits, `.`, `_` and `-`", examples: ["senior"] });
export const moment = z
  .string()
  .regex(MOMENT)
  .meta({
    description: "a date (UTC; `until` includes that day) or an RFC 3339 time",
    examples: ["2026-01-01"],
  });
export const duration = z
  .string()
  .regex(DURATION)
  .meta({ description: "a duration in s, m, h or d", examples: ["72h"] });
export const count = z
  .number()
  .int()
  .min(1)
  .max(100)
  .meta({ description: "a whole number of people from 1 to 100", examples: [2] });
export const expression = z
  .string()
  .min(1)
  .max(4096)
  .meta({
    description: "a CEL expression over `change` (and `commit` with `forEach: commit`)",
    examples: ["change.ai.assisted"],
  });
export const choice = <const T extends readonly [string, ...string[]]>(
  values: T,
  example: T[number],
  about: string,
) => z.enum(values).meta({ description: `${about}: ${values.join(", ")}`, examples: [example] });
export const names = (about: string, example: string) =>
  z
    .array(text(320))
    .min(1)
    .max(100)
    .meta({ description: about, examples: [[example]] });
export const interval = { from: moment.optional(), until: moment.optional() };
