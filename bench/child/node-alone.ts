import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { ALLOWED } from '../kinds.js';

const BODY = '{"id":18}';
const CONTENT = Object.freeze([
  'Content-Type',
  'application/json; charset=utf-8',
  'Content-Length',
  String(BODY.length),
]);
const ACTUAL = Object.freeze([
  'Access-Control-Allow-Origin',
  ALLOWED,
  'Access-Control-Allow-Credentials',
  'true',
  'Access-Control-Expose-Headers',
  'x-total-count',
]);
const PREFLIGHT = Object.freeze([
  'Access-Control-Allow-Origin',
  ALLOWED,
  'Access-Control-Allow-Credentials',
  'true',
  'Access-Control-Allow-Methods',
  'GET',
  'Access-Control-Allow-Headers',
  'authorization',
  'Access-Control-Max-Age',
  '600',
]);
const VARY = Object.freeze(['Vary', 'Origin']);
const VARY_PREFLIGHT = Object.freeze([
  'Vary',
  'Origin, Access-Control-Request-Method, Access-Control-Request-Headers',
  'Content-Length',
  '0',
]);

/** The same responses from Node without a framework, router or decision: the lower limit for any application. */
export function nodeAlone(): Server {
  return createServer((request: IncomingMessage, response: ServerResponse) => {
    const allowed = request.headers.origin === ALLOWED;
    if (request.method === 'OPTIONS') {
      response.writeHead(204, [...(allowed ? PREFLIGHT : []), ...VARY_PREFLIGHT]);
      response.end();
      return;
    }
    response.writeHead(request.url === '/nowhere' ? 404 : 200, [...CONTENT, ...(allowed ? ACTUAL : []), ...VARY]);
    response.end(BODY);
  });
}
