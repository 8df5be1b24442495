/** The expected result of every request. Shares no code with the library. */
import { preflightPasses, tokenList } from '../../../../support/explanations/fetch-standard.js';
import type { JudgedRequest, Outcome } from '../library-case.js';
import { isDowngrade, needsPreflight, originSent, readingOf, unsafeNames } from './browser-model.js';
import { type Engine, STANDARD } from './engines.js';
import { actualResponse, type PromisedResponse, policiesOf, preflightResponses, refusesActual } from './route-model.js';

/** Kinds of expected results. Each must occur often enough. */
export const KINDS = Object.freeze([
  'granted',
  'granted after a preflight',
  'granted with credentials',
  'an error granted',
  'refused at the preflight',
  'refused at the response',
  'enforced',
  'opaque',
  'same origin',
  'header hidden',
  'header exposed',
  'differs from the standard',
] as const);
export type Kind = (typeof KINDS)[number];

export interface Expected extends Outcome {
  /** Whether the handler may also be kept from running. */
  readonly mayStop: boolean;
  readonly kinds: readonly Kind[];
}

/** @returns `undefined` for a request whose result the model does not know */
export function expect(judged: JudgedRequest, engine: Engine): Expected | undefined {
  const { origin, apiOrigin, request, control } = judged;
  const policies = policiesOf(judged);
  if (policies === undefined) {
    return undefined;
  }
  if (isDowngrade(origin, apiOrigin) && engine.blocksPlainHttp) {
    return { reads: 'blocked', arrives: [], ran: [], mayStop: false, kinds: ['differs from the standard'] };
  }
  const from = (sent: string | undefined) => (sent === 'null' ? ' from null' : '');
  const names = unsafeNames(request);
  const isPreflighted = origin !== apiOrigin && needsPreflight(request);
  const arrives = isPreflighted
    ? [`preflight ${request.method}${names.length === 0 ? '' : ` (${names.join(',')})`}${from(origin)}`]
    : [];
  const isPassedOn = isPreflighted && policies.candidates.every(({ state }) => state === 'untouched');
  const ranBefore = (isPassedOn && control.preflight?.ran) || [];
  const passes = (one: Engine) =>
    !isPreflighted || preflightResponses(judged, policies).some((response) => passesPreflight(response, judged, one));
  if (!passes(engine)) {
    return { reads: 'blocked', arrives, ran: ranBefore, mayStop: false, kinds: ['refused at the preflight'] };
  }
  const sent = originSent(judged, engine);
  const authorized = request.mode === 'cors' && 'authorization' in request.headers ? ' with authorization' : '';
  arrives.push(`${request.method}${authorized}${from(sent)}`);
  const refusal = refusesActual(judged, policies, sent);
  if (refusal === 'must') {
    const reads = request.mode === 'no-cors' ? 'opaque' : 'blocked';
    return { reads, arrives, ran: ranBefore, mayStop: false, kinds: ['enforced'] };
  }
  const response = { ...actualResponse(control.actual, policies, sent, judged), body: control.actual.body };
  const reads = readingOf(response, judged);
  return {
    reads,
    arrives,
    ran: [...ranBefore, ...control.actual.ran],
    mayStop: refusal === 'may',
    kinds: [
      ...kindsOf(reads, judged, isPreflighted, response.headerLines),
      ...(passes(STANDARD) && sent === originSent(judged, STANDARD) ? [] : (['differs from the standard'] as const)),
    ],
  };
}

function passesPreflight(response: PromisedResponse, { origin, request }: JudgedRequest, engine: Engine): boolean {
  const credentials = request.credentials === 'include';
  const isCovered = engine.starCoversAuthorization && !credentials && isStar(response);
  const headers = unsafeNames(request).filter((name) => !(isCovered && name === 'authorization'));
  return preflightPasses(response, { origin, credentials }, { method: request.method, headers });
}

function isStar(response: PromisedResponse): boolean {
  return tokenList(response, 'access-control-allow-headers')?.includes('*') === true;
}

function kindsOf(
  reads: Outcome['reads'],
  { origin, apiOrigin, request }: JudgedRequest,
  isPreflighted: boolean,
  lines: readonly (readonly [string, string])[],
): Kind[] {
  if (origin === apiOrigin) {
    return ['same origin'];
  }
  if (typeof reads === 'string') {
    return [reads === 'opaque' ? 'opaque' : 'refused at the response'];
  }
  const names = Object.keys(reads.headers);
  return [
    'granted',
    ...(isPreflighted ? (['granted after a preflight'] as const) : []),
    ...(request.credentials === 'include' ? (['granted with credentials'] as const) : []),
    ...(reads.status >= 400 ? (['an error granted'] as const) : []),
    ...(lines.some(([name]) => !names.includes(name)) ? (['header hidden'] as const) : []),
    ...(names.some((name) => name.startsWith('x-')) ? (['header exposed'] as const) : []),
  ];
}
