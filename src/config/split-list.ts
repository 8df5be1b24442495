/**
 * Splits a comma-separated text, for example of an environment variable, into a list. White space around elements and
 * empty elements are dropped.
 *
 * @param value the text; a missing or blank text throws, so that it never opens a policy
 * @param name the name of the text in the error, for example of the variable
 * @throws Error if there is no element
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
