import type { MaxAgeTreatment } from '../../servers/max-age-proxy.js';
import type { Sequence } from './sequence.js';

const READ = ['preflight GET (authorization,x-trace)', 'GET read with authorization'];

/** Browsers do cache preflights: with one policy on the URL, they send no second preflight. */
const cachingWorks: Sequence = {
  name: 'preflight cache: with one policy on the URL, no second preflight is sent',
  path: '/stock',
  through: 'nothing',
  requests: ['read', 'read', 'create', 'replace', 'replace', 'remove', 'remove'],
  reads: '200 read, 200 read, 201 create, 200 replace, 200 replace, 200 remove, 200 remove',
  arrives: [
    ...READ,
    'GET read with authorization',
    // The method is safelisted, and the preflight of GET already allowed the header.
    'POST create with authorization',
    'preflight PUT (x-trace)',
    'PUT replace',
    'PUT replace',
    'preflight DELETE',
    'DELETE remove',
    'DELETE remove',
  ],
};

const cachingAddsUp: Sequence = {
  name: 'preflight cache: with one policy on the URL, methods alternate',
  path: '/stock',
  through: 'nothing',
  requests: ['read', 'replace', 'read', 'replace'],
  reads: '200 read, 200 replace, 200 read, 200 replace',
  arrives: [...READ, 'preflight PUT (x-trace)', 'PUT replace', 'GET read with authorization', 'PUT replace'],
};

/**
 * Why the rule exists. Behind a proxy that makes preflights cacheable, a browser uses the answer for GET to send
 * Authorization with POST. The stricter handler then runs without its own preflight.
 */
const withoutTheRule = (treatment: MaxAgeTreatment, reached: boolean): Sequence => ({
  name: `preflight cache: POST after GET, its max-age ${treatment}, ${reached ? 'needs no preflight' : 'is preflighted'}`,
  path: `/ledger?max-age=${treatment}`,
  through: 'the proxy',
  requests: ['read', 'create', 'replace', 'remove'],
  reads: `200 read, ${reached ? '201 create' : 'blocked'}, blocked, blocked`,
  arrives: [
    ...READ,
    reached ? 'POST create with authorization' : 'preflight POST (authorization)',
    // The cache stores other methods by name.
    'preflight PUT (x-trace)',
    'preflight DELETE',
  ],
});

export const controlSequences: readonly Sequence[] = [
  cachingWorks,
  cachingAddsUp,
  withoutTheRule('unchanged', false),
  withoutTheRule('600', true),
  withoutTheRule('absent', true),
];
