import { splitList } from '../../browser/http-response.js';
import { writeOptions } from '../../explanations/corrections/placed-code.js';
import type { CorsExplanation } from '../../explanations/cors-explanation.js';
import { isForbiddenResponseHeader, lowerCaseName } from '../../policy/header-names.js';
import type { Visit } from './visit.js';

/** Why the page does not see a header of a response that it reads, and what to write. */
export function hiddenHeaderText(
  { response, exchanges }: Visit,
  explanation: CorsExplanation | undefined,
  name: string,
): readonly string[] {
  const wanted = lowerCaseName(name);
  const arrived = exchanges.at(-1)?.responseHeaders ?? [];
  if (!arrived.some(([one]) => lowerCaseName(one) === wanted)) {
    const seen = [...(response?.headers.keys() ?? [])].join(', ');
    return [
      `The response with status ${response?.status} does not have it.`,
      `The page sees ${seen === '' ? 'no header' : seen}.`,
    ];
  }
  if (isForbiddenResponseHeader(wanted)) {
    return ['The response has it, but browsers hide it from every script.'];
  }
  if (explanation?.readable !== true) {
    return [
      'The response has it, but no Access-Control-Expose-Headers lists it.',
      `Change: If pages should read it, send \`Access-Control-Expose-Headers: ${name}\`.`,
    ];
  }
  const listed = arrived
    .filter(([one]) => lowerCaseName(one) === 'access-control-expose-headers')
    .flatMap(([, value]) => splitList(value));
  const names = [...listed.filter((one) => one !== '' && one !== '*'), name];
  const { sources, target } = explanation;
  const place = [sources.exposedHeaders, sources.origin].find((one) => one !== undefined && one !== 'default');
  const { words } = writeOptions({ exposedHeaders: names }, place ?? target);
  return ['The response has it, but `exposedHeaders` does not list it.', `Change: If pages should read it, ${words}.`];
}
