// SPDX-License-Identifier: Apache-2.0
import { type ConfigurationValue, toLiteral } from "../configuration-value.ts";

const USED = /\$(?:\{(\w{1,100})(?::?-([^}]{0,300}))?\}|(\w{1,100}))/g;

/** A Dockerfile's body with the images that its arguments name by default; an argument without a default stays as it is written. */
export function resolveArguments(body: ConfigurationValue): ConfigurationValue {
  const first = body.fields.findIndex(({ name }) => name === "from");
  const defaults = new Map(
    body.fields
      .slice(0, Math.max(first, 0))
      .filter(({ name }) => name === "arg")
      .flatMap(({ value }) => value.fields.map((own) => [own.name, own.value.literal ?? ""] as const)),
  );
  const hasUse = body.fields.some(({ name, value }) => name === "from" && value.literal?.includes("$"));
  if (!hasUse) return body;
  return {
    ...body,
    fields: body.fields.map((field) => {
      const { literal } = field.value;
      if (field.name !== "from" || literal === null) return field;
      const text = literal.replace(
        USED,
        (all: string, braced?: string, fallback?: string, plain?: string) => {
          const known = defaults.get(braced ?? plain ?? "") || fallback;
          return known === undefined || known === "" ? all : known;
        },
      );
      return { ...field, value: toLiteral(text) };
    }),
  };
}
