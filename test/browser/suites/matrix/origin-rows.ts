import type { RoutedPolicy } from '../../fixtures/policy.controllers.js';
import type { PageName, Row } from './row.js';

/** Pages, each with one difference from the trusted one. */
const PAGES: readonly PageName[] = [
  'app',
  'appInCapitals',
  'otherPort',
  'otherScheme',
  'deep',
  'lookalike',
  'apex',
  'evilApex',
  'suffixed',
  'evil',
  'sandbox',
];

/** The pages that each policy allows. Every other page is similar but refused. */
const READERS: Partial<Record<RoutedPolicy, readonly PageName[]>> = {
  listed: ['app', 'appInCapitals'],
  subdomains: ['app', 'appInCapitals', 'deep', 'lookalike'],
  'any-port': ['app', 'appInCapitals', 'otherPort'],
  compared: ['app', 'appInCapitals'],
  predicate: ['app', 'appInCapitals', 'deep'],
  public: PAGES,
  disabled: [],
};

/** A simple and a preflighted request for each policy and page. */
export const originRows: readonly Row[] = Object.entries(READERS).flatMap(([policy, readers]) =>
  PAGES.flatMap((from) => {
    const allowed = readers.includes(from);
    const suffix = from === 'sandbox' ? ' from null' : '';
    const common: Pick<Row, 'from' | 'path' | 'where'> = {
      from,
      path: `/policies/${policy}`,
      // On a secure page, plain http is mixed content unless the host is loopback.
      ...(from === 'otherScheme' ? { where: ({ domain }) => domain === 'localhost' } : {}),
    };
    return [
      {
        ...common,
        name: `origins: GET from ${from} under ${policy}`,
        reads: allowed ? '200 read' : 'blocked',
        arrives: [`GET read${suffix}`],
      },
      {
        ...common,
        name: `origins: PUT from ${from} under ${policy}`,
        method: 'PUT',
        reads: allowed ? '200 replace' : 'blocked',
        arrives: [`preflight PUT${suffix}`, ...(allowed ? [`PUT replace${suffix}`] : [])],
      },
    ];
  }),
);
