// SPDX-License-Identifier: Apache-2.0
import type { Danger, InfrastructureKind } from "../resource.ts";
import { type Attribute, type AttributeChange, type ChangeView, describe } from "./change-view.ts";
import {
  type ImageReference,
  isMovingImage,
  isMovingTag,
  publisherOf,
  readImage,
} from "./image-reference.ts";

const SHA_PINNED = /@[0-9a-f]{40}$|@sha256:[0-9a-f]{64}$/;

/** Images and actions under a name that is put on other code every now and then, or that somebody else publishes. */
export function findUnpinnedDangers(view: ChangeView): readonly Danger[] {
  const kind = view.pair.after?.kind;
  if (kind === undefined) return [];
  const moving = view.newTexts.filter((attribute) => isUnpinned(view, kind, attribute));
  const known = new Set(moving.length === 0 ? [] : view.before.flatMap(({ text }) => toMoving(text) ?? []));
  const loosened = findLoosened(view);
  const unpinned = moving.map(({ text }) => text).filter((text) => !known.has(toMoving(text) ?? ""));
  const tags = view.newAttributes
    .filter((each) => isTag(kind, each))
    .map(({ path, text }) => `${path} ${text}`);
  const foreign = view.changes.filter((change) => isForeign(kind, change)).map(({ after }) => after.join());
  return [
    ...describe("untrusted-code", "takes code that can change unseen:", [...unpinned, ...tags, ...loosened]),
    ...describe("untrusted-code", "takes an image from somebody else:", foreign),
  ];
}

/** What was taken by the digest of its content, and is by a name. */
function findLoosened(view: ChangeView): readonly string[] {
  if (!view.before.some(({ text }) => text.includes("@sha256:"))) return [];
  const repositoryOf = (text: string, isPinned: boolean) => {
    const image = readImage(text.replace(/^(?:--\S+\s+)+/, "").split(" ")[0] ?? "");
    return image?.isPinned === isPinned ? image.repository : undefined;
  };
  const pinned = new Set(view.before.flatMap(({ text }) => repositoryOf(text, true) ?? []));
  return view.newTexts.map(({ text }) => text).filter((text) => pinned.has(repositoryOf(text, false) ?? ""));
}

/** What was taken by a name that moves, and is by another one, is no worse than it was. */
function toMoving(text: string): string | undefined {
  if (/^[\w.-]+\/[\w./-]+@[\w./-]+$/.test(text))
    return SHA_PINNED.test(text) ? undefined : text.slice(0, text.indexOf("@"));
  const image = readImage(text.replace(/\s.*$/s, ""));
  return image !== undefined && isMovingImage(image) ? image.repository : undefined;
}

function isUnpinned(view: ChangeView, kind: InfrastructureKind, { path, name, text }: Attribute): boolean {
  if (kind === "workflow" && name === "uses") return isUnpinnedAction(text);
  if (kind === "dockerfile") return isUnpinnedInstruction(view, name, text);
  if (!isImage(kind, path, name)) return false;
  const image = readImage(text);
  if (image === undefined || !isMovingImage(image)) return false;
  // Clouds call an image of a disk so too: there only a tag that moves tells.
  return image.tag !== undefined || (LISTED.has(kind) && !isTagged(view, path));
}

const LISTED: ReadonlySet<InfrastructureKind> = new Set(["kubernetes", "helm", "mesh", "workflow"]);
const IMAGE_NAMES = new Set([
  "image",
  "image_uri",
  "container_image",
  "docker_image",
  "image_name",
  "base_image",
]);

function isImage(kind: InfrastructureKind, path: string, name: string): boolean {
  if (kind === "workflow")
    return (
      IMAGE_NAMES.has(name) ||
      name === "container" ||
      path === "steps.name" ||
      /(?:^|\.)image\.name$/.test(path)
    );
  return IMAGE_NAMES.has(name);
}

/** Of a chart's values the tag may stand beside the image's name. */
function isTagged({ after }: ChangeView, path: string): boolean {
  const parent = path.slice(0, path.lastIndexOf(".") + 1);
  return after.some(
    (each) => /^(?:tag|digest|image_tag|version)$/.test(each.name) && each.path.startsWith(parent),
  );
}

function isUnpinnedAction(text: string): boolean {
  if (text.startsWith("./") || SHA_PINNED.test(text)) return false;
  const image = text.startsWith("docker://") ? readImage(text.slice(9)) : undefined;
  return image === undefined || isMovingImage(image);
}

/** Stages of the file itself are no image of others. */
function isUnpinnedInstruction(view: ChangeView, name: string, text: string): boolean {
  const word =
    name === "from"
      ? text.replace(/^(?:--\S+\s+)+/, "").split(" ")[0]
      : name === "copy"
        ? /^(?:--\S+\s+)*?--from=(\S+)/.exec(text)?.[1]
        : undefined;
  const image = word === undefined || word === "scratch" || /^\d+$/.test(word) ? undefined : readImage(word);
  return image !== undefined && isMovingImage(image) && !stagesOf(view).has(image.repository);
}

function stagesOf({ after }: ChangeView): ReadonlySet<string> {
  return new Set(
    after
      .filter(({ name }) => name === "from")
      .flatMap(({ text }) => /\sas\s+(\S+)$/i.exec(text)?.[1]?.toLowerCase() ?? []),
  );
}

function isTag(kind: InfrastructureKind, { path, name, text }: Attribute): boolean {
  if (kind === "kustomize") return name === "new_tag" && isMovingTag(text);
  const isNamed = /^(?:tag|image_tag)$/.test(name) && (/image/.test(path) || kind === "helm");
  return isNamed && isMovingTag(text);
}

/** The same place takes an image of another publisher. */
function isForeign(kind: InfrastructureKind, { path, name, before, after }: AttributeChange): boolean {
  if (kind === "dockerfile" && name === "from")
    return isForeign("kubernetes", {
      path,
      name: "image",
      before: before.map(toBase),
      after: after.map(toBase),
    });
  if (kind === "helm" && /(?:^|\.)(?:image\.registry|image_registry)$/.test(path))
    return before.length > 0 && after.some((text) => text !== "" && !before.includes(text));
  if (kind === "kustomize" ? name !== "new_name" : !isImage(kind, path, name)) return false;
  const [old, now] = [toPublishers(before), toPublishers(after)];
  return (
    old.length > 0 && before.length === after.length && now.some((publisher) => !old.includes(publisher))
  );
}

/** Without its options and the name of the stage. */
const toBase = (text: string) => text.replace(/^(?:--\S+\s+)+/, "").split(" ")[0] ?? "";

function toPublishers(texts: readonly string[]): readonly string[] {
  return texts.flatMap((text) => {
    const image: ImageReference | undefined = readImage(text);
    return image === undefined || !text.includes("/") ? [] : [publisherOf(image)];
  });
}
