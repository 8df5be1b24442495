import type { Server } from 'node:http';
import { join } from 'node:path';
import { ConfigService } from '@nestjs/config';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { CorsService } from 'nestjs-cors';
import { AppModule } from '../api/app.module.js';
import type { Addresses } from './announcement.js';
import { listen, serveOnIpv6Loopback, stop } from './loopback.js';
import { createPageServer } from './page-server.js';
import { RequestLog } from './request-log.js';

export type PlatformName = 'express' | 'fastify';

export interface RunningSample {
  readonly addresses: Addresses;
  close(): Promise<void>;
}

/**
 * Starts the API and the page's server.
 *
 * @throws Error if a port is in use; its message names the variable that sets another port
 */
export async function runSample(platform: PlatformName): Promise<RunningSample> {
  const adapter = platform === 'fastify' ? new FastifyAdapter({ forceCloseConnections: true }) : new ExpressAdapter();
  const app = await NestFactory.create(AppModule, adapter, {
    logger: ['error', 'warn'],
    forceCloseConnections: true,
    abortOnError: false,
  });
  const servers: (Server | undefined)[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(servers.map(stop));
    await app.close();
  };
  try {
    const config = app.get(ConfigService);
    const apiPort = portOf(config, 'API_PORT');
    const pagePort = portOf(config, 'PAGE_PORT');
    const addresses: Addresses = {
      platform: platform === 'fastify' ? 'Fastify' : 'Express',
      api: `http://api.localhost:${apiPort}`,
      app: config.getOrThrow<string>('APP_ORIGIN'),
      partner: config.getOrThrow<string>('PARTNER_ORIGIN'),
      evil: `http://evil.localhost:${pagePort}`,
      shop: `http://shop.localhost:${pagePort}`,
    };
    const api = app.getHttpServer() as Server;
    const log = new RequestLog();
    log.watch(api);
    const folder = join(process.cwd(), 'sample', 'page');
    const pages = createPageServer({
      folder,
      api: addresses.api,
      platform: addresses.platform,
      log,
      explain: (request) => app.get(CorsService).explain(request),
    });
    await onPort('API_PORT', apiPort, async () => {
      await app.listen(apiPort, '127.0.0.1');
      servers.push(await serveOnIpv6Loopback(api, apiPort));
    });
    await onPort('PAGE_PORT', pagePort, async () => {
      await listen(pages, pagePort, '127.0.0.1');
      servers.push(pages, await serveOnIpv6Loopback(pages, pagePort));
    });
    return { addresses, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function portOf(config: ConfigService, variable: string): number {
  const text = config.getOrThrow<string>(variable);
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new Error(`${variable} is ${JSON.stringify(text)}; it must be a port, for example ${variable}=3300.`);
  }
  return port;
}

/** Starts a server. Its error says how to choose another port if this one cannot be used. */
async function onPort(variable: string, port: number, start: () => Promise<void>): Promise<void> {
  try {
    await start();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EADDRINUSE' && code !== 'EACCES') {
      throw error;
    }
    const fault = code === 'EACCES' ? 'may not be used without more rights' : 'is used by another program';
    throw new Error(
      `Port ${port} ${fault}. Choose another: ${variable}=${port + 10} npm start, or set ${variable} in sample/.env.`,
    );
  }
}
