/** More entries than any policy needs. Sparse arrays and proxies can claim billions. */
const LONGEST_LIST = 1_000_000;

/**
 * A frozen, plain copy of a list. Reads each own entry once by its index; holes become `undefined`. Does not use the
 * iterator, because the iterator of a subclass can return other values.
 *
 * @throws RangeError for a list of more than a million entries, and anything that a getter or a proxy throws
 */
export function copyList(list: readonly unknown[]): readonly unknown[] {
  const { length } = list;
  if (!(length <= LONGEST_LIST)) {
    throw new RangeError(`a list may have at most ${LONGEST_LIST} entries`);
  }
  const copy: unknown[] = [];
  for (let index = 0; index < length; index++) {
    copy.push(Object.hasOwn(list, index) ? list[index] : undefined);
  }
  return Object.freeze(copy);
}
