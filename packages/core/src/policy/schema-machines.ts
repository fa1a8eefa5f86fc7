// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { choice, duration, id, text } from "./schema-parts.ts";

const identity = z
  .strictObject({
    issuer: z
      .string()
      .regex(/^https:\/\/[^\s]{1,500}$/)
      .meta({
        description: "the identity provider's URL, compared whole",
        examples: ["https://token.actions.githubusercontent.com"],
      }),
    subject: text(2000).meta({
      description: "the certificate's subject alternative name, compared whole",
      examples: ["https://github.com/acme/shop/.github/workflows/release.yml@refs/heads/main"],
    }),
  })
  .meta({ description: "whom a Sigstore certificate names", examples: ["{ issuer: …, subject: … }"] });

export const machine = z
  .strictObject({
    keys: z
      .array(text(1024))
      .min(1)
      .max(100)
      .meta({
        description: "Ed25519 public keys, as `openssl pkey -pubout` or a .pub file has them",
        examples: [["MCowBQYDK2VwAyEA…"]],
      })
      .optional(),
    sigstore: z
      .union([identity, z.array(identity).min(1).max(100)])
      .meta({
        description: "the identity, or a list of identities, that Sigstore certificates name",
        examples: ["{ issuer: https://token.actions.githubusercontent.com, subject: … }"],
      })
      .optional(),
    may: z
      .array(
        choice(["verdict", "deployment", "provenance", "assistance"], "verdict", "what is believed of it"),
      )
      .min(1)
      .max(4)
      .meta({ description: "what this machine may say", examples: [["verdict", "deployment"]] }),
  })
  .meta({
    description: "a machine that signs",
    examples: ["{ keys: [MCowBQYDK2VwAyEA…], may: [verdict, deployment] }"],
  });

export const environment = z
  .strictObject({
    after: id.optional(),
    minimum: duration.optional(),
    rollback: choice(["allow", "deny"], "allow", "whether an older commit may be deployed again").optional(),
  })
  .meta({
    description: "what must be so before something is deployed there",
    examples: ["{ after: staging, minimum: 1h }"],
  });
