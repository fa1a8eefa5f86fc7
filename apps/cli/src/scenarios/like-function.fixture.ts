// SPDX-License-Identifier: Apache-2.0

/** The end of a function that many in one program have: nobody can tell by it whose function it is. */
export function commonBody(): readonly string[] {
  return [
    "if (!response.ok) {",
    "throw new Error(response.statusText);",
    "}",
    "const data = await response.json();",
    "return data;",
    "}",
  ];
}

/** A function of which only the first line is its own. */
export function likeFunction(tag: string): readonly string[] {
  return [tag, ...commonBody()];
}
