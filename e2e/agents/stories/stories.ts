// SPDX-License-Identifier: Apache-2.0
import type { Story } from "../scenario/story.ts";
import { AT_GIT } from "./at-git.ts";
import { WORKING_DAY } from "./working-day.ts";

export const STORIES: readonly Story[] = [WORKING_DAY, AT_GIT];
