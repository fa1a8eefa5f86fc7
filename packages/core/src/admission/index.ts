// SPDX-License-Identifier: Apache-2.0
export { type AdmissionAnswer, type AdmissionVerdict, formatAdmissionReview } from "./admission-answer.ts";
export { type AdmissionRequest, parseAdmissionReview } from "./admission-review.ts";
export { answerExempt, answerImages, type ImageReport } from "./answer-images.ts";
export { findImages, type ImagesFound } from "./find-images.ts";
export { formatNativeAdmission } from "./native/format-native-admission.ts";
export type { NativeOptions } from "./native/native-options.ts";
export { type NativeAdmission, toNativeAdmission } from "./native/to-native-admission.ts";
export type { UndecidedRule } from "./native/undecided-rules.ts";
export { formatTaskResult, parseRunTask, type RunTask, type TaskResult, toTaskResult } from "./run-task.ts";
export { type ImageSorting, sortImages } from "./sort-images.ts";
