import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { CorsExplanation, CorsExplanationRequest } from 'nestjs-cors';
import type { RequestLog } from './request-log.js';

/** The page's files. Nothing else is served. */
const FILES: Readonly<Record<string, string>> = {
  'index.html': 'text/html; charset=utf-8',
  'page.css': 'text/css; charset=utf-8',
  'page.js': 'text/javascript; charset=utf-8',
  'perform.js': 'text/javascript; charset=utf-8',
  'predict.js': 'text/javascript; charset=utf-8',
  'draw.js': 'text/javascript; charset=utf-8',
  'element.js': 'text/javascript; charset=utf-8',
  'requests.json': 'application/json; charset=utf-8',
};

export interface PageServerOptions {
  /** The folder with the page's files. */
  readonly folder: string;
  /** Where the API is, as a page has to write it: `http://api.localhost:3300`. */
  readonly api: string;
  /** The platform of the API, for the footer of the page. */
  readonly platform: string;
  readonly log: RequestLog;
  /** Asks the API what a browser does with a request, and why. */
  readonly explain: (request: CorsExplanationRequest) => Promise<CorsExplanation>;
}

/**
 * Serves the page under every host name. Each host name is another origin: the front end, a partner and a stranger
 * differ in nothing else.
 */
export function createPageServer({ folder, api, platform, log, explain }: PageServerOptions): Server {
  const files = new Map(
    Object.entries(FILES).map(([name, type]) => [`/${name}`, { type, body: readFileSync(join(folder, name)) }]),
  );
  return createServer((request, response) => {
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.setHeader('Content-Security-Policy', `default-src 'self'; img-src data:; connect-src 'self' ${api}`);
    const [path = '/', query = ''] = (request.url ?? '/').split('?');
    if (path === '/about.json') {
      json(response, { api, platform });
    } else if (path === '/seen.json') {
      json(response, log.take(`http://${hostOf(request)}`));
    } else if (path === '/explanation.txt') {
      const asked = new URLSearchParams(query).get('request') ?? '';
      explained(explain, asked, `http://${hostOf(request)}`).then(
        (text) => response.writeHead(200, { 'Content-Type': 'text/plain; charset=utf-8' }).end(text),
        (error) => response.writeHead(400, { 'Content-Type': 'text/plain; charset=utf-8' }).end(String(error)),
      );
    } else {
      const file = files.get(path === '/' ? '/index.html' : path);
      if (file === undefined) {
        response.writeHead(404, { 'Content-Type': 'text/plain' }).end('There is no such page.');
      } else {
        response.writeHead(200, { 'Content-Type': file.type }).end(file.body);
      }
    }
  });
}

/** Explains a request of the page, which sends everything but its origin. */
async function explained(explain: PageServerOptions['explain'], request: string, origin: string): Promise<string> {
  return String(await explain({ ...JSON.parse(request), origin }));
}

function hostOf(request: IncomingMessage): string {
  return (request.headers.host ?? '').toLowerCase();
}

function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'Content-Type': 'application/json; charset=utf-8' }).end(JSON.stringify(value));
}
