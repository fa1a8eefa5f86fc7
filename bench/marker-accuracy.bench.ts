// SPDX-License-Identifier: Apache-2.0
// Precision and recall of the marker registry over labelled messages, where a corpus is at hand; says so where none is.
import { run } from "./marker-accuracy.ts";

await run();
