// SPDX-License-Identifier: Apache-2.0

const MOVING =
  /^(?:latest|main|master|edge|nightly|dev|develop|development|canary|stable|unstable|head|trunk|rolling|snapshot|current|lts)$/i;

/** Whether a tag is one that is put on another image every now and then. */
export function isMovingTag(tag: string): boolean {
  return MOVING.test(tag);
}

/** `registry:5000/app:1.2@sha256:…` in its parts; undefined for what an expression makes or what is no reference. */
export function readImage(text: string): ImageReference | undefined {
  if (!/^[\w][\w./:@+-]{0,300}$/.test(text)) return undefined;
  const [rest = "", digest] = text.split("@");
  const colon = rest.lastIndexOf(":");
  const hasTag = colon > rest.lastIndexOf("/");
  return {
    repository: hasTag ? rest.slice(0, colon) : rest,
    tag: hasTag ? rest.slice(colon + 1) : undefined,
    isPinned: digest?.startsWith("sha256:") === true,
  };
}

export interface ImageReference {
  readonly repository: string;
  readonly tag: string | undefined;
  /** By the digest of its content. */
  readonly isPinned: boolean;
}

/** Whether what the reference names can be another image tomorrow: by no tag, or by one that moves. */
export function isMovingImage({ tag, isPinned }: ImageReference): boolean {
  return !isPinned && (tag === undefined || isMovingTag(tag));
}

/** Who publishes it: the registry and the first name in it. */
export function publisherOf({ repository }: ImageReference): string {
  const parts = repository.split("/");
  const hasRegistry = parts.length > 1 && /[.:]|^localhost$/.test(parts[0] ?? "");
  const [registry = "docker.io", path = parts] = hasRegistry ? [parts[0], parts.slice(1)] : [];
  return `${registry}/${path.length > 1 ? path[0] : "library"}`;
}
