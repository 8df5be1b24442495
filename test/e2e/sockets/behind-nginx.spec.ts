import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { AppLog } from '../../async-origins/support/app-log.js';
import { Nginx } from '../../async-origins/support/nginx.js';
import { describeWith, NGINX } from '../../async-origins/support/programs.js';
import { HandlerSpy } from '../../support/handler-spy.js';
import { describePlatforms, type RunningApp, startApp } from '../../support/platforms.js';
import { APP, EVIL } from '../../support/policy-statement.js';
import { ADAPTERS, createGateway, gatewayModule } from './gateway-application.js';
import { askWs, IO_CLIENTS } from './socket-clients.js';

const CLIENTS = [
  ['socket.io by polling', 'socket.io', IO_CLIENTS.polling],
  ['socket.io by WebSocket', 'socket.io', IO_CLIENTS.websocket],
  ['ws', 'ws', askWs],
] as const;

const HEADERS = {
  Host: '$http_host',
  'X-Forwarded-Proto': '$scheme',
  Upgrade: '$http_upgrade',
  Connection: '$http_connection',
};

describeWith(NGINX, 'gateways behind nginx', (file) => {
  describePlatforms('with TLS at the proxy', (platform) => {
    const nginx = new Nginx(file);
    const running: RunningApp[] = [];
    const log = new AppLog();
    beforeAll(async () => {
      const gateways = gatewayModule({ origin: APP }, [createGateway(new HandlerSpy())]);
      const trusts = platform.name === 'express' ? { 'trust proxy': 'loopback' } : { trustProxy: '127.0.0.1' };
      const sites = [];
      for (const name of ['socket.io', 'ws'] as const) {
        const configure = ADAPTERS[name]();
        const trusting = await startApp(platform, gateways, { configure, adapter: trusts });
        const plain = await startApp(platform, gateways, { configure, application: { logger: log } });
        running.push(trusting, plain);
        sites.push({ name: `trusting.${name}.example.com`, port: trusting.port, headers: HEADERS });
        sites.push({ name: `plain.${name}.example.com`, port: plain.port, headers: HEADERS });
      }
      await nginx.start(sites);
    });
    afterAll(async () => {
      await nginx.remove();
      await Promise.all(running.map((app) => app.close()));
    });

    it.each(CLIENTS)('serve pages of the own host if the platform trusts the proxy, by %s', async (_, name, ask) => {
      const host = `trusting.${name}.example.com`;
      const own = `https://${host}:${nginx.port}`;
      const from = (origin: string | undefined) => ask({ port: nginx.port, secure: true }, { origin, host });
      expect(await from(own)).toBe('pong');
      expect(await from(APP)).toBe('pong');
      expect(await from(undefined)).toBe('pong');
      for (const origin of [EVIL, own.replace('https', 'http'), `https://${host}`, `${own}.evil.example`, 'null']) {
        expect(await from(origin)).not.toBe('pong');
      }
    });

    it.each(CLIENTS)('say in the log what to set if it does not, by %s', async (_, name, ask) => {
      const host = `plain.${name}.example.com`;
      log.takeWarnings();
      const from = (origin: string) => ask({ port: nginx.port, secure: true }, { origin, host });
      expect(await from(APP)).toBe('pong');
      expect(await from(`https://${host}:${nginx.port}`)).not.toBe('pong');
      const code =
        platform.name === 'express'
          ? "app.set('trust proxy', 'loopback')"
          : "new FastifyAdapter({ trustProxy: '127.0.0.1' })";
      // Both clients of socket.io are refused for one reason, which is logged once a minute.
      const warnings = log.takeWarnings();
      expect(warnings.length).toBe(ask === IO_CLIENTS.websocket ? 0 : 1);
      expect(
        warnings.filter((line) => !line.endsWith(`make the platform trust the address of the proxy: \`${code}\`.`)),
      ).toEqual([]);
    });
  });
});
