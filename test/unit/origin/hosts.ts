/** A host name of this many bytes, with labels of at most 63. */
export function hostOfLength(length: number): string {
  const labels: string[] = [];
  let left = length;
  while (left > 64) {
    labels.push('h'.repeat(62));
    left -= 63;
  }
  if (left > 63) {
    labels.push('h'.repeat(31));
    left -= 32;
  }
  labels.push('h'.repeat(left));
  return labels.join('.');
}
