// SPDX-License-Identifier: Apache-2.0

/** The same question, asked again while it is being answered, gets the same answer: a deployment asks once for each of its pods. */
export function shareWork<Q, A>(
  keyOf: (question: Q) => string,
  answer: (question: Q) => Promise<A>,
): (question: Q) => Promise<A> {
  const open = new Map<string, Promise<A>>();
  return (question) => {
    const key = keyOf(question);
    const known = open.get(key);
    if (known !== undefined) return known;
    const asked = answer(question).finally(() => open.delete(key));
    open.set(key, asked);
    return asked;
  };
}
