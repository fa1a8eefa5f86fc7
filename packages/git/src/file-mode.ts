// SPDX-License-Identifier: Apache-2.0

/** Mode of a symbolic link in a tree, as Git writes it. */
export const SYMLINK = "120000";

/** Mode of a submodule: what stands there is a commit of another repository. */
export const GITLINK = "160000";
