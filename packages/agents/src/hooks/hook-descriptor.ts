// SPDX-License-Identifier: Apache-2.0
export interface HookDescriptor {
  readonly kind: string;
}
