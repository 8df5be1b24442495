import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import type { TLSSocket } from 'node:tls';
import { freePort } from '../../../support/free-port.js';
import { serveBothSchemes } from '../../servers/both-schemes.js';
import type { KeyAndCertificate } from '../../servers/key-and-certificate.js';
import type { Answer, Batch, Endpoint, PlaceName, SimulationCase } from './case.js';
import { type Ports, placesOf } from './places.js';

/** A request that reached a server. */
export interface Arrival {
  readonly preflight: boolean;
  readonly method: string;
  readonly url: string;
  /** In the spelling and order in which they arrived. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

interface Script {
  readonly origin: string;
  readonly places: Readonly<Record<PlaceName, string>>;
  readonly endpoints: ReadonlyMap<string, Endpoint>;
  readonly arrivals: Arrival[];
}

/**
 * Servers that answer what the cases of a batch say, and record what arrives. They also serve the empty pages.
 *
 * In the value of a response header, `{page}` stands for the page's origin, `{origin}` for the request's `Origin`,
 * `{asked}` for its `Access-Control-Request-Headers`, `{site}` for the host without its first label, `{to:b}` for the
 * URL of the endpoint `b`, and `{user:b}` for that URL with a user and a password.
 */
export class ScriptedServers {
  readonly ports: Ports;
  /** Ends the servers and their connections. */
  readonly close: () => void;
  #scripts: ReadonlyMap<string, Script> = new Map();

  static async start(certificate: KeyAndCertificate): Promise<ScriptedServers> {
    const sockets = new Set<net.Socket>();
    const servers = [net.createServer(), net.createServer()] as const;
    for (const server of servers) {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
    }
    const [first, second] = servers.map((server) => (server.address() as net.AddressInfo).port) as [number, number];
    const close = () => {
      for (const server of servers) {
        server.close();
      }
      for (const socket of sockets) {
        socket.destroy();
      }
    };
    const scripted = new ScriptedServers({ first, second, closed: await freePort() }, close);
    const answer: http.RequestListener = (request, response) => scripted.#answer(request, response);
    const plain = http.createServer(answer);
    const secure = https.createServer(certificate, answer);
    secure.on('tlsClientError', () => undefined);
    for (const parser of [plain, secure]) {
      // Node knows only some methods.
      parser.on('clientError', (_, socket) => socket.destroy());
    }
    for (const server of servers) {
      serveBothSchemes(server, plain, secure, sockets);
    }
    return scripted;
  }

  constructor(ports: Ports, close: () => void) {
    this.ports = ports;
    this.close = close;
  }

  /** Answers the requests of a batch from now on. What arrived before is forgotten. */
  play({ cases, page, site }: Batch): void {
    const places = placesOf(page, site, this.ports);
    const origin = page.sandboxed ? 'null' : places.own;
    this.#scripts = new Map(
      cases.map(({ id, endpoints }) => [
        id,
        { origin, places, endpoints: new Map(endpoints.map((endpoint) => [endpoint.key, endpoint])), arrivals: [] },
      ]),
    );
  }

  /** What arrived for a case, in order. */
  arrivals({ id }: SimulationCase): readonly Arrival[] {
    return this.#scripts.get(id)?.arrivals ?? [];
  }

  #answer(request: http.IncomingMessage, response: http.ServerResponse): void {
    const [, id = '', key = ''] = new URL(request.url ?? '', 'http://localhost').pathname.split('/');
    const script = this.#scripts.get(id);
    const endpoint = script?.endpoints.get(key);
    response.sendDate = false;
    if (script === undefined || endpoint === undefined) {
      request.resume();
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<!doctype html><title>page</title>');
      return;
    }
    const arrival = { ...describe(request), body: '' };
    const answer = arrival.preflight ? endpoint.preflight : endpoint.response;
    // Browsers send a request again if a connection ends that they have used before.
    if (answer !== 'reset' || !isRepeated(arrival, script.arrivals.at(-1))) {
      script.arrivals.push(arrival);
    }
    request.setEncoding('utf8');
    request.on('data', (text: string) => {
      arrival.body += text;
    });
    request.on('end', () => respond(answer, response, (value) => fill(value, script, id, request)));
  }
}

function respond(answer: Answer, response: http.ServerResponse, fillIn: (value: string) => string): void {
  if (answer === 'reset') {
    response.socket?.destroy();
    return;
  }
  const { status, statusText, headers, body } = answer;
  response.writeHead(
    status,
    statusText,
    headers.flatMap(([name, value]) => [name, fillIn(value)]),
  );
  response.end(body);
}

function fill(value: string, { origin, places, endpoints }: Script, id: string, request: http.IncomingMessage): string {
  return value.replace(/\{(\w+)(?::(\w+))?\}/g, (whole, name: string, key = '') => {
    const endpoint = endpoints.get(key);
    switch (name) {
      case 'page':
        return origin;
      case 'origin':
        return request.headers.origin ?? origin;
      case 'asked':
        return String(request.headers['access-control-request-headers'] ?? '');
      case 'site':
        return (request.headers.host ?? '').replace(/^[^.]+\./, '').replace(/:\d+$/, '');
      case 'to':
        return endpoint === undefined ? whole : `${places[endpoint.place]}/${id}/${key}`;
      case 'user':
        return endpoint === undefined
          ? whole
          : `${places[endpoint.place].replace('://', '://user:secret@')}/${id}/${key}`;
      default:
        return whole;
    }
  });
}

function describe({ method = '', url, headers, rawHeaders, socket }: http.IncomingMessage): Omit<Arrival, 'body'> {
  const scheme = (socket as TLSSocket).encrypted === true ? 'https' : 'http';
  const pairs = rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [[name, rawHeaders[index + 1] as string] as const] : [],
  );
  return {
    preflight: method === 'OPTIONS' && headers['access-control-request-method'] !== undefined,
    method,
    url: `${scheme}://${headers.host}${url}`,
    headers: pairs,
  };
}

function isRepeated(arrival: Arrival, before: Arrival | undefined): boolean {
  return before !== undefined && before.method === arrival.method && before.url === arrival.url;
}
