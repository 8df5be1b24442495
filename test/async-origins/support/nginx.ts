import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { freePort } from '../../support/free-port.js';
import { selfSignedCertificate } from '../../support/self-signed.js';
import { ServerProcess } from './programs.js';

/** One site: its name, the port of its application, and the headers that describe the client. */
export interface Site {
  readonly name: string;
  readonly port: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** How often another port is tried if another process takes the free one. */
const ATTEMPTS = 5;

function siteConfiguration({ name, port, headers }: Site, listen: number): string {
  const set = Object.entries(headers).map(([header, value]) => `proxy_set_header ${header} ${value};`);
  return `
  server {
    listen 127.0.0.1:${listen} ssl;
    server_name ${name};
    location / {
      proxy_pass http://127.0.0.1:${port};
      proxy_http_version 1.1;
      ${set.join('\n      ')}
    }
  }`;
}

/** nginx as one process in the foreground, with TLS on a loopback port and all files in its own folder. */
export class Nginx {
  readonly #folder = mkdtempSync(path.join(os.tmpdir(), 'nestjs-cors-nginx-'));
  #process: ServerProcess | undefined;
  /** The port it listens on. */
  port = 0;
  readonly #file: string;

  /** @param file the path of `nginx` */
  constructor(file: string) {
    this.#file = file;
  }

  async start(sites: readonly Site[]): Promise<void> {
    const { key, cert } = selfSignedCertificate();
    writeFileSync(path.join(this.#folder, 'key.pem'), key, { mode: 0o600 });
    writeFileSync(path.join(this.#folder, 'certificate.pem'), cert);
    mkdirSync(path.join(this.#folder, 'temporary'));
    for (let attempt = 1; ; attempt += 1) {
      this.port = await freePort();
      writeFileSync(path.join(this.#folder, 'nginx.conf'), this.#configuration(sites));
      const parameters = ['-p', this.#folder, '-c', 'nginx.conf', '-e', 'stderr'];
      try {
        this.#process = await ServerProcess.start(
          this.#file,
          parameters,
          /start worker|epoll_wait|using the "\w+" event/,
        );
        return;
      } catch (error) {
        if (attempt === ATTEMPTS || !String(error).includes('bind()')) {
          throw error;
        }
      }
    }
  }

  async remove(): Promise<void> {
    await this.#process?.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #configuration(sites: readonly Site[]): string {
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
    return `daemon off;
master_process off;
pid nginx.pid;
error_log stderr notice;
events {}
http {
  access_log off;
  ${temporary.map((name) => `${name}_temp_path temporary/${name};`).join('\n  ')}
  ssl_certificate certificate.pem;
  ssl_certificate_key key.pem;${sites.map((site) => siteConfiguration(site, this.port)).join('')}
}
`;
  }
}
