import { METHODS } from 'node:http';
import { findFault, LIST_RULES } from '../../validation/options/list-rules.js';
import { type Correction, inWords, type RefusedRequest } from './correction.js';
import { correctCredentials } from './credentials-correction.js';
import { correctDisabled, correctUntouched } from './opening-correction.js';
import { correctMalformedOrigin, correctOrigin } from './origin-correction.js';
import { addToList, isValid, placedPolicy } from './placed-code.js';

/** The request headers that a policy allows if no level sets `allowedHeaders`. */
const DEFAULT_ALLOWED_HEADERS = Object.freeze(['content-type']);

/**
 * Corrects one reason after the other, each in the policy that the corrections before it make. So all of them may be
 * written together.
 */
export function correctAll(
  reasons: readonly RefusedRequest['reason'][],
  refused: Omit<RefusedRequest, 'reason'>,
): readonly (Correction | undefined)[] {
  let { effective } = refused;
  return reasons.map((reason) => {
    const correction = correctRefusal({ ...refused, reason, effective });
    effective = effective && correction && placedPolicy(effective, correction);
    return correction;
  });
}

/**
 * What is wrong with a refused request, and what to change. Each text is true for every request with its reason: also
 * for unusual requests of pages, and for clients that are not browsers. `undefined` if there is nothing to correct.
 */
export function correctRefusal(refused: RefusedRequest): Correction | undefined {
  switch (refused.reason) {
    case 'origin-not-allowed':
      return correctOrigin(refused);
    case 'origin-malformed':
      return correctMalformedOrigin(refused);
    case 'origin-null':
      return inWords(
        'The page has no origin of its own: a sandboxed frame, a local file, or a request that was redirected to a second host. No list can allow `null`.',
        'Give the frame `allow-same-origin`, serve the page over http: or https:, or request the final URL. Form posts under Referrer-Policy: no-referrer send `null` too: use strict-origin-when-cross-origin.',
      );
    case 'origin-undecided':
      return inWords(
        'The predicate or resolver of this policy was not called.',
        'Most often middleware led the request to another handler: give both requests the same policy.',
      );
    case 'method-not-allowed':
      return correctMethod(refused);
    case 'method-unknown':
      return correctUnknownMethod(refused);
    case 'method-malformed':
      return inWords(
        'No policy can allow this method: it is empty, forbidden, not in the upper case that browsers send, or longer than 64 characters.',
        'Most often a tool sent it: correct it there.',
      );
    case 'header-not-allowed':
      return correctHeaders(refused);
    case 'headers-malformed':
      return inWords(
        'The list of headers has more than 1,024 characters, 64 names or 16 empty elements, or a character that no header name has.',
        'Send fewer headers, or correct the tool that wrote the list.',
      );
    case 'disabled':
      return correctDisabled(refused);
    case 'path-ambiguous':
      return inWords(
        'The path can also be read as another path, which has another policy (see `paths`).',
        'Request the plain path: without dot segments, doubled slashes, backslashes and encodings, and in the upper and lower case of the entry.',
      );
    case 'no-policy':
      return correctUntouched(refused);
    case 'credentials-not-allowed':
    case 'wildcard-with-credentials':
      return correctCredentials(refused);
    default:
      return undefined;
  }
}

function correctMethod({ method, effective }: RefusedRequest): Correction {
  const why = '`methods` does not list this method.';
  const { options, sources } = effective ?? {};
  if (!effective || options?.methods === undefined || !sources?.methods || !isValid({ methods: [method] })) {
    return inWords(why, 'If pages should use it, add it to `methods`.');
  }
  const { words, ...change } = addToList('methods', options.methods, [method], sources.methods, effective);
  return { why, text: `If pages should use it, ${words}.`, ...change };
}

function correctUnknownMethod({ method }: RefusedRequest): Correction {
  const upperCase = method.toUpperCase();
  return inWords(
    'Node.js accepts no request with this method. Methods are case-sensitive.',
    METHODS.includes(upperCase)
      ? `Write it in upper case in the page: \`fetch(url, { method: '${upperCase}' })\`.`
      : 'Write a standard method in upper case in the page, for example `PATCH`.',
  );
}

function correctHeaders({ missingHeaders, effective }: RefusedRequest): Correction {
  const why = `\`allowedHeaders\` does not allow ${missingHeaders.join(', ')}.`;
  const { options, sources } = effective ?? {};
  const credentials = options?.credentials === true;
  const isListable = (name: string) =>
    name !== '*' && findFault(LIST_RULES.allowedHeaders, name, credentials) === undefined;
  const added = missingHeaders.filter(isListable);
  const useless = missingHeaders.filter((name) => !isListable(name));
  const remove = `Remove ${useless.join(', ')} from the request: no policy can list ${useless.length === 1 ? 'it' : 'them'}.`;
  if (added.length === 0 && useless.length > 0) {
    return inWords(why, remove);
  }
  const place = sources?.allowedHeaders ?? sources?.origin;
  if (effective === undefined || options === undefined || place === undefined) {
    return inWords(why, 'If pages should send them, add the names to `allowedHeaders`.');
  }
  const listed = options.allowedHeaders ?? DEFAULT_ALLOWED_HEADERS;
  const { words, ...change } = addToList('allowedHeaders', listed, added, place, effective);
  const text = `If pages should send ${added.length === 1 ? 'it' : 'them'}, ${words}.`;
  return { why, text: useless.length === 0 ? text : `${text} ${remove}`, ...change };
}
