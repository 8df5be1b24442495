/**
 * Splits a comma-separated text, as from an environment variable, into the list that options take. Blanks around the
 * elements and empty elements are dropped.
 *
 * @param value the text; a missing or blank one is an error, never an empty list or an open policy
 * @param name what the error calls it, for example the variable's name
 * @throws Error when there is no element
 * @example
 * ```ts
 * splitList(process.env.CORS_ORIGINS, 'CORS_ORIGINS') // ['https://a.example.com', 'https://b.example.com']
 * ```
 */
export function splitList(value: string | undefined, name = 'The list'): string[] {
  if (typeof value !== 'string') {
    throw new Error(`${name} is not set. Set it to a comma-separated list, for example https://app.example.com.`);
  }
  const elements = value
    .split(',')
    .map((element) => element.trim())
    .filter((element) => element !== '');
  if (elements.length === 0) {
    throw new Error(`${name} is blank. Set it to a comma-separated list, for example https://app.example.com.`);
  }
  return elements;
}
