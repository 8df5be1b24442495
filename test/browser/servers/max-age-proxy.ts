import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import type { KeyAndCertificate } from './key-and-certificate.js';

export interface MaxAgeProxy {
  readonly port: number;
  close(): void;
}

/** How the proxy changes Access-Control-Max-Age. `unchanged` shows that the proxy itself has no effect. */
export type MaxAgeTreatment = 'unchanged' | '600' | 'absent';

/** Forwards everything to an API. It changes one header, as `?max-age=` says. */
export async function startMaxAgeProxy(
  apiPort: number,
  certificate: KeyAndCertificate | undefined,
): Promise<MaxAgeProxy> {
  const { request } = certificate === undefined ? http : https;
  const forward: http.RequestListener = ({ method, url = '/', headers, rawHeaders }, response) => {
    const treatment = new URL(url, 'http://localhost').searchParams.get('max-age') as MaxAgeTreatment;
    const onward = request(
      { host: '127.0.0.1', port: apiPort, method, path: url, headers: rawHeaders, rejectUnauthorized: false },
      (answer) => {
        const passedOn = { ...answer.headers };
        if (treatment === 'absent') {
          delete passedOn['access-control-max-age'];
        } else if (treatment !== 'unchanged' && passedOn['access-control-max-age'] !== undefined) {
          passedOn['access-control-max-age'] = treatment;
        }
        response.writeHead(answer.statusCode ?? 502, passedOn);
        answer.pipe(response);
      },
    );
    onward.on('error', () => response.destroy());
    if (headers['content-length'] === undefined) {
      onward.end();
    } else {
      response.req.pipe(onward);
    }
  };
  const server = certificate === undefined ? http.createServer(forward) : https.createServer(certificate, forward);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
