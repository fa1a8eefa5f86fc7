// SPDX-License-Identifier: Apache-2.0
export { openS3Backend } from "./s3-backend.ts";
export { parseS3Place, type S3Place } from "./s3-place.ts";
