import { PREFLIGHT_VARY, type Question } from './question.js';

type Expectations = NonNullable<Question['instead']>;

/** No access for other origins: `policy: false` or `@DisableCors()`. */
export const CLOSED: Expectations = {
  'preflight allowed': { status: 403, headers: { vary: PREFLIGHT_VARY } },
  'request allowed': { headers: {} },
  'request refused': { headers: {} },
};

const ANY = { 'access-control-allow-origin': '*' };
const GRANTED = { status: 204, headers: { ...ANY, 'access-control-allow-methods': 'GET', vary: PREFLIGHT_VARY } };

/** `origin: '*'`, for GET. */
export const OPEN_TO_ALL: Expectations = {
  'preflight allowed': GRANTED,
  'preflight refused': GRANTED,
  'request allowed': { headers: ANY },
  'request refused': { headers: ANY },
};
