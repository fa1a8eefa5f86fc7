// SPDX-License-Identifier: Apache-2.0
// How well the classifier reads infrastructure: precision and recall on labelled changes, every miss and false alarm by name.
import { assessChange } from "@countersign/core/infrastructure";
import { type Answer, formatCorpusReport, measureCorpus } from "./infrastructure/measure-corpus.ts";
import { type CorpusCase, readCorpus } from "./infrastructure/read-corpus.ts";

console.log(formatCorpusReport(measureCorpus(readCorpus(), classify)));

function classify({ before, after }: CorpusCase): readonly Answer[] {
  const side = (texts: ReadonlyMap<string, string>, path: string) => {
    const text = texts.get(path);
    return text === undefined ? null : { path, text };
  };
  const paths = [...new Set([...before.keys(), ...after.keys()])];
  const changes = paths.map((path) => ({ path, before: side(before, path), after: side(after, path) }));
  return assessChange(changes).resources.map((resource) => ({
    ...resource,
    dangers: resource.dangers.map(({ code }) => code),
  }));
}
