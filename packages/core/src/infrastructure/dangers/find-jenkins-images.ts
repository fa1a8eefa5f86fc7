// SPDX-License-Identifier: Apache-2.0
import type { Danger } from "../resource.ts";
import { type Attribute, type ChangeView, describe } from "./change-view.ts";
import { isMovingImage, publisherOf, readImage } from "./image-reference.ts";

const IMAGE = /\b(?:image|docker\.image)\s*\(?\s*(["'])([\w./:@+-]{1,300})\1/g;

/** Images in which a Jenkinsfile has its steps run, wherever in a statement they are named. */
export function findJenkinsImages({ pair, before, after }: ChangeView): readonly Danger[] {
  if (pair.after?.kind !== "workflow" || pair.after.body.text !== "program") return [];
  const [old, now] = [imagesOf(before), imagesOf(after)];
  const fresh = now.filter((text) => !old.includes(text)).flatMap((text) => readImage(text) ?? []);
  const known = old.flatMap((text) => readImage(text) ?? []);
  const isPinned = (repository: string) =>
    known.some((each) => each.isPinned && each.repository === repository);
  const isKnown = (repository: string) =>
    known.some((each) => isMovingImage(each) && each.repository === repository);
  const moving = fresh.filter(
    (image) =>
      (isMovingImage(image) && !isKnown(image.repository)) || (!image.isPinned && isPinned(image.repository)),
  );
  const publishers = known.map(publisherOf);
  const foreign =
    old.length === now.length ? fresh.filter((image) => !publishers.includes(publisherOf(image))) : [];
  return [
    ...describe(
      "untrusted-code",
      "takes code that can change unseen:",
      moving.map(({ repository }) => repository),
    ),
    ...describe(
      "untrusted-code",
      "takes an image from somebody else:",
      foreign.map(({ repository }) => repository),
    ),
  ];
}

function imagesOf(side: readonly Attribute[]): readonly string[] {
  return side.flatMap(({ name, text }) =>
    [...`${name} ${text.slice(0, 5000)}`.matchAll(IMAGE)].map(([, , image = ""]) => image),
  );
}
