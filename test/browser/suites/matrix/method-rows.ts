import type { Row } from './row.js';

type MethodRow = readonly [path: string, method: string, reads: string, arrives: readonly string[]];

const TABLE: readonly MethodRow[] = [
  ['/items', 'GET', '200 list', ['GET list']],
  ['/items', 'HEAD', '200', ['HEAD list']],
  ['/items', 'POST', '201 create', ['POST create']],
  ['/items', 'PUT', '200 replace', ['preflight PUT', 'PUT replace']],
  ['/items', 'PATCH', '200 modify', ['preflight PATCH', 'PATCH modify']],
  ['/items', 'DELETE', '200 remove', ['preflight DELETE', 'DELETE remove']],
  // Browsers convert some methods to upper case, but not PATCH, so `patch` is another method.
  ['/items', 'put', '200 replace', ['preflight PUT', 'PUT replace']],
  ['/items', 'delete', '200 remove', ['preflight DELETE', 'DELETE remove']],
  ['/items', 'patch', 'blocked', ['preflight patch']],
  ['/items', 'OPTIONS', '404 Cannot OPTIONS /items', ['preflight OPTIONS', 'OPTIONS']],
  // Browsers send none of these.
  ['/items', 'TRACE', 'blocked', []],
  ['/items', 'CONNECT', 'blocked', []],
  // A policy with listed methods. POST needs no permission.
  ['/policies/read-only', 'GET', '200 read', ['GET read']],
  ['/policies/read-only', 'HEAD', '200', ['HEAD read']],
  ['/policies/read-only', 'POST', '201 create', ['POST create']],
  ['/policies/read-only', 'PUT', 'blocked', ['preflight PUT']],
  ['/policies/read-only', 'PATCH', 'blocked', ['preflight PATCH']],
  ['/policies/read-only', 'DELETE', 'blocked', ['preflight DELETE']],
  ['/policies/public-any-method', 'PUT', '200 replace', ['preflight PUT', 'PUT replace']],
  ['/policies/public-any-method', 'PATCH', '200 modify', ['preflight PATCH', 'PATCH modify']],
];

export const methodRows: readonly Row[] = TABLE.map(([path, method, reads, arrives]) => ({
  name: `methods: ${method} ${path}`,
  from: 'app',
  path,
  method,
  reads,
  arrives,
}));
