/** Far more than any policy needs; sparse arrays and proxies can claim billions. */
const LONGEST_LIST = 1_000_000;

/**
 * A frozen, plain copy of a list: own entries by index, each read once, holes as `undefined`. The iterator of a
 * subclass is not used, because it can say something else than the entries.
 *
 * @throws RangeError for a list of more than a million entries, and what a getter or a proxy throws
 */
export function copyList(list: readonly unknown[]): readonly unknown[] {
  const { length } = list;
  if (!(length <= LONGEST_LIST)) {
    throw new RangeError(`a list may have ${LONGEST_LIST} entries`);
  }
  const copy: unknown[] = [];
  for (let index = 0; index < length; index++) {
    copy.push(Object.hasOwn(list, index) ? list[index] : undefined);
  }
  return Object.freeze(copy);
}
