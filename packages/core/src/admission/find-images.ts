// SPDX-License-Identifier: Apache-2.0

/** The images that an object would start, and what of it cannot be understood. */
export interface ImagesFound {
  /** As written, in the order in which they stand, each once. */
  readonly images: readonly string[];
  readonly problems: readonly string[];
}

const CONTAINER_LISTS: ReadonlySet<string> = new Set(["containers", "initContainers", "ephemeralContainers"]);
/** What the API server or a controller writes; nothing is started from it. */
const NOT_STARTED: ReadonlySet<string> = new Set(["metadata", "status"]);
/** An object of the API is at most some megabytes; real ones have some hundred values. */
const MOST_VALUES = 200_000;
const MOST_IMAGES = 64;

/**
 * Every image of every pod that an object describes, wherever the pod's template stands: Pods, all controllers, CronJobs, and
 * custom resources alike, so that a kind which nobody thought of is not a way round. Volumes that are images count as well.
 */
export function findImages(object: unknown): ImagesFound {
  const images = new Set<string>();
  const problems: string[] = [];
  const waiting: (readonly [string, unknown])[] = isRecord(object)
    ? Object.entries(object).filter(([key]) => !NOT_STARTED.has(key))
    : [];
  for (let i = 0; i < waiting.length; i++) {
    const [key, value] = waiting[i] as readonly [string, unknown];
    if (CONTAINER_LISTS.has(key)) collectContainers(key, value, images, problems);
    else if (key === "volumes") collectVolumes(value, images, problems);
    if (typeof value !== "object" || value === null) continue;
    // Counted before they are taken apart: a list of millions of values costs seconds and a gigabyte to spread out.
    const keys = Array.isArray(value) ? value : Object.keys(value);
    if (waiting.length + keys.length > MOST_VALUES) return tooMuch(`more than ${MOST_VALUES} values`);
    for (const entry of Object.entries(value)) waiting.push(entry);
  }
  if (images.size > MOST_IMAGES) return tooMuch(`${images.size} images`);
  return { images: [...images], problems };
}

function tooMuch(what: string): ImagesFound {
  return { images: [], problems: [`the object has ${what}, more than is looked at`] };
}

function collectContainers(key: string, list: unknown, images: Set<string>, problems: string[]): void {
  if (list === null || list === undefined) return;
  if (!Array.isArray(list)) {
    problems.push(`${key} is no list`);
    return;
  }
  for (const container of list) {
    if (isRecord(container) && typeof container.image === "string" && container.image !== "")
      images.add(container.image);
    else problems.push(`${key} has a container without an image`);
  }
}

function collectVolumes(list: unknown, images: Set<string>, problems: string[]): void {
  if (!Array.isArray(list)) return;
  for (const volume of list) {
    if (!isRecord(volume) || !("image" in volume)) continue;
    const { image } = volume;
    if (isRecord(image) && typeof image.reference === "string") images.add(image.reference);
    else problems.push("volumes has an image without a reference");
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
