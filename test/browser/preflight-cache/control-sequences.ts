import type { MaxAgeTreatment } from '../servers/max-age-proxy.js';
import type { Sequence } from './sequence.js';

const READ = ['preflight GET (authorization,x-trace)', 'GET read with authorization'];

/** Browsers do cache preflights: with one policy on the URL, what was asked is not asked again. */
const cachingWorks: Sequence = {
  name: 'preflight cache: with one policy on the URL, what was answered is not asked again',
  path: '/stock',
  through: 'nothing',
  requests: ['read', 'read', 'create', 'replace', 'replace', 'remove', 'remove'],
  reads: '200 read, 200 read, 201 create, 200 replace, 200 replace, 200 remove, 200 remove',
  arrives: [
    ...READ,
    'GET read with authorization',
    // Neither its method nor, since the preflight of GET, its header is left to ask for.
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
  name: 'preflight cache: with one policy on the URL, methods take turns',
  path: '/stock',
  through: 'nothing',
  requests: ['read', 'replace', 'read', 'replace'],
  reads: '200 read, 200 replace, 200 read, 200 replace',
  arrives: [...READ, 'preflight PUT (x-trace)', 'PUT replace', 'GET read with authorization', 'PUT replace'],
};

/**
 * Why the rule exists: behind a proxy that lets preflights be cached, otherwise equal, a browser takes the answer given
 * for GET as leave to send Authorization with POST, and the stricter handler runs without a preflight of its own.
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
    // Other methods are remembered by their names.
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
