import type { Row } from './row.js';

/** Needs a preflight for these names, and is allowed. */
const allowed = (names: string) => ({ reads: '201 create', arrives: [`preflight POST (${names})`, 'POST create'] });
const SIMPLE = { reads: '201 create', arrives: ['POST create'] };
/** Needs a preflight for these names, and is not sent. */
const refused = (names: string) => ({ reads: 'blocked', arrives: [`preflight POST (${names})`] });

/** Each is a POST. The headers alone decide whether it needs a preflight, and whether it is allowed. */
const TABLE: readonly (Pick<Row, 'name' | 'path' | 'reads' | 'arrives' | 'headers' | 'body'> & {
  from?: Row['from'];
})[] = [
  { name: 'none', path: '/items', headers: {}, ...SIMPLE },
  { name: 'text', path: '/items', headers: { 'content-type': 'text/plain' }, body: 'text', ...SIMPLE },
  {
    name: 'a form',
    path: '/items',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'a=1',
    ...SIMPLE,
  },
  {
    name: 'text with a parameter',
    path: '/items',
    headers: { 'content-type': 'text/plain;charset=utf-8' },
    body: 'text',
    ...SIMPLE,
  },
  {
    name: 'JSON',
    path: '/items',
    headers: { 'content-type': 'application/json' },
    body: '{}',
    ...allowed('content-type'),
  },
  {
    name: 'JSON with a parameter',
    path: '/items',
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: '{}',
    ...allowed('content-type'),
  },
  {
    name: 'safelisted languages',
    path: '/items',
    headers: { 'accept-language': 'de', accept: 'text/plain' },
    ...SIMPLE,
  },
  {
    name: 'a safelisted header of 128 bytes',
    path: '/items',
    headers: { accept: 'a'.repeat(128) },
    ...SIMPLE,
  },
  {
    name: 'a safelisted header of 129 bytes',
    path: '/items',
    headers: { accept: 'a'.repeat(129) },
    ...refused('accept'),
  },
  { name: 'an unsafe byte in a safelisted header', path: '/items', headers: { accept: 'a{b}' }, ...refused('accept') },
  { name: 'one allowed', path: '/items', headers: { 'x-trace': '1' }, ...allowed('x-trace') },
  { name: 'one allowed, in capitals', path: '/items', headers: { 'X-TRACE': '1' }, ...allowed('x-trace') },
  {
    name: 'one allowed and JSON',
    path: '/items',
    headers: { 'x-trace': '1', 'content-type': 'application/json' },
    body: '{}',
    ...allowed('content-type,x-trace'),
  },
  { name: 'one not allowed', path: '/items', headers: { 'x-other': '1' }, ...refused('x-other') },
  {
    name: 'one allowed, one not',
    path: '/items',
    headers: { 'x-trace': '1', 'x-other': '1' },
    ...refused('x-other,x-trace'),
  },
  { name: 'one letter more than allowed', path: '/items', headers: { 'x-traces': '1' }, ...refused('x-traces') },
  { name: 'one letter less than allowed', path: '/items', headers: { 'x-trac': '1' }, ...refused('x-trac') },
  {
    name: 'Authorization, not allowed',
    path: '/items',
    headers: { authorization: 'Bearer a' },
    ...refused('authorization'),
  },
  {
    name: 'any, under *',
    path: '/policies/public-any-header',
    headers: { 'x-anything': '1' },
    ...allowed('x-anything'),
  },
  {
    // The policy refuses it, as the standard says. Browsers themselves accept Authorization under a plain `*`.
    name: 'Authorization, not covered by *',
    path: '/policies/public-any-header',
    headers: { authorization: 'Bearer a' },
    ...refused('authorization'),
  },
  {
    name: 'JSON, by default',
    path: '/policies/public',
    headers: { 'content-type': 'application/json' },
    body: '{}',
    ...allowed('content-type'),
  },
  { name: 'one not allowed by default', path: '/policies/public', headers: { 'x-trace': '1' }, ...refused('x-trace') },
  {
    name: 'none, from a page that is not allowed',
    from: 'evil',
    path: '/items',
    headers: {},
    reads: 'blocked',
    arrives: ['POST create'],
  },
  {
    name: 'JSON, from a page that is not allowed',
    from: 'evil',
    path: '/items',
    headers: { 'content-type': 'application/json' },
    body: '{}',
    ...refused('content-type'),
  },
];

export const headerRows: readonly Row[] = [
  ...TABLE.map(({ name, from = 'app', ...row }) => ({ ...row, name: `headers: ${name}`, from, method: 'POST' })),
  {
    name: 'headers: Authorization, allowed',
    from: 'app',
    path: '/stock',
    headers: { authorization: 'Bearer a' },
    reads: '200 read',
    arrives: ['preflight GET (authorization)', 'GET read with authorization'],
  },
  {
    name: 'headers: Range of the first bytes is safelisted',
    from: 'app',
    path: '/items',
    headers: { range: 'bytes=0-1' },
    reads: '200 list',
    arrives: ['GET list'],
  },
  {
    name: 'headers: an upload that is watched is preflighted',
    by: 'upload',
    from: 'app',
    path: '/items',
    method: 'POST',
    body: 'text',
    reads: '201 create',
    arrives: ['preflight POST', 'POST create'],
  },
  {
    name: 'headers: an upload that is watched, from a page that is not allowed',
    by: 'upload',
    from: 'evil',
    path: '/items',
    method: 'POST',
    body: 'text',
    reads: 'blocked',
    arrives: ['preflight POST'],
  },
];
