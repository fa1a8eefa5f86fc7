// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";

const EXAMPLE = "git.example/team/project+7ac95e34+AQ…";

/** A verifier key as C2SP writes it; what is in it is looked at where the ledger is opened. */
const verifierKey = z
  .string()
  .max(1024)
  .regex(/^[^+\s]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]+={0,2}$/)
  .meta({ description: "a verifier key, as `countersign ledger init` prints it", examples: [EXAMPLE] });

export const ledger = z
  .strictObject({
    verifierKey,
    required: z
      .boolean()
      .meta({ description: "whether a sign-off counts only once it is logged", examples: [true] })
      .optional(),
    witnesses: z
      .array(verifierKey)
      .min(1)
      .max(100)
      .meta({ description: "verifier keys of witnesses", examples: [["witness.example/w1+…"]] })
      .optional(),
    quorum: z
      .number()
      .int()
      .min(1)
      .max(100)
      .meta({ description: "how many witnesses must have cosigned", examples: [2] })
      .optional(),
  })
  .meta({
    description: "the transparency log that sign-offs are in",
    examples: [`{ verifierKey: ${EXAMPLE}, required: true }`],
  });
