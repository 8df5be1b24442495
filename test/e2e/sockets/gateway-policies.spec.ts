import { describe, expect, it } from '@jest/globals';
import { Injectable, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { Cors, CorsModule, type CorsModuleOptions, DisableCors } from 'nestjs-cors';
import type { GatewayPolicy } from '../../../src/http/handshake/gateway-policy.js';
import { CorsRuntime } from '../../../src/module/cors-runtime.js';
import { describePlatforms, PLATFORMS, type Platform } from '../../support/platforms.js';
import { ADMIN, APP, EVIL, PARTNER } from '../../support/policy-statement.js';
import { boot, codesOf, RecordedLog } from '../../unit/boot/boot.js';

const OPTIONS: CorsModuleOptions = {
  origin: APP,
  policies: { partners: { origin: PARTNER } },
  paths: [{ path: '/live', policy: { origin: ADMIN } }],
};

function moduleOf(gateways: Type[], options: CorsModuleOptions = OPTIONS, providers: Type[] = []): Type {
  @Module({ imports: [CorsModule.forRoot(options as object)], providers: [...gateways, ...providers] })
  class GatewayModule {}
  return GatewayModule;
}

/** Boots an application with one gateway, and tells which of the origins it allows. */
async function allowedBy(
  gateway: Type,
  {
    platform = PLATFORMS[0] as Platform,
    url = '/socket.io/?EIO=4',
    providers = [] as Type[],
    log = new RecordedLog(),
  } = {},
): Promise<string[]> {
  const app = await NestFactory.create(moduleOf([gateway], OPTIONS, providers), platform.createAdapter(), {
    logger: log,
    abortOnError: false,
  });
  app.useWebSocketAdapter(new IoAdapter(app));
  await app.init();
  const { handshakes } = app.get(CorsRuntime);
  const gateways = handshakes.gatewaysOf(0, undefined);
  const allowed: string[] = [];
  for (const origin of [APP, ADMIN, PARTNER, EVIL, 'http://api.example.com']) {
    const request = { headers: { origin, host: 'api.example.com' }, url, socket: {} };
    const decision = await handshakes.checkEvery(request, gateways);
    if (decision.allowed) {
      allowed.push(origin);
    }
  }
  await app.close();
  return allowed;
}

const OWN = 'http://api.example.com';

@Cors('partners')
@WebSocketGateway()
class NamedGateway {}

@Cors({ origin: [ADMIN, EVIL] })
@WebSocketGateway()
class OwnGateway {}

@Cors()
@WebSocketGateway()
class ReopenedGateway extends NamedGateway {}

@Cors({ maxAge: 5 })
@WebSocketGateway()
class InheritingGateway extends NamedGateway {}

@WebSocketGateway()
class PlainSubclassGateway extends NamedGateway {}

@DisableCors()
@WebSocketGateway()
class DisabledGateway {}

@Cors()
@WebSocketGateway()
class OpenedBelowGateway extends DisabledGateway {}

@Cors('untouched')
@WebSocketGateway()
class UntouchedGateway {}

@Cors({ origin: (origin) => origin === ADMIN })
@WebSocketGateway()
class PredicateGateway {}

@Injectable()
class Resolver {
  async resolve(origin: string): Promise<boolean> {
    return origin === ADMIN;
  }
}

@Cors({ origin: Resolver })
@WebSocketGateway()
class ResolverGateway {}

@WebSocketGateway()
class UndecoratedGateway {}

describePlatforms('the policy of a gateway', (platform) => {
  it.each<[string, Type, string[]]>([
    ['is the named one', NamedGateway, [PARTNER]],
    ['is its own', OwnGateway, [ADMIN, EVIL]],
    ['is inherited from a base class', PlainSubclassGateway, [PARTNER]],
    ['merges with that of a base class', InheritingGateway, [PARTNER]],
    ['has the options of a base class below an empty decorator', ReopenedGateway, [PARTNER]],
    ['allows no other origin with `@DisableCors()`', DisabledGateway, []],
    ['is that of the application below a disabled base class', OpenedBelowGateway, [APP]],
    ["allows no other origin with `@Cors('untouched')`", UntouchedGateway, []],
    ['may be a predicate', PredicateGateway, [ADMIN]],
    ['may be a resolver', ResolverGateway, [ADMIN]],
    ['is that of the application without a decorator', UndecoratedGateway, [APP]],
  ])('%s', async (_, gateway, origins) => {
    const allowed = await allowedBy(gateway, { platform, providers: [Resolver] });
    expect(allowed).toEqual([...origins, OWN]);
  });

  it('is that of the URL in `paths`, without a decorator only', async () => {
    expect(await allowedBy(UndecoratedGateway, { platform, url: '/live?a' })).toEqual([ADMIN, OWN]);
    expect(await allowedBy(NamedGateway, { platform, url: '/live?a' })).toEqual([PARTNER, OWN]);
    expect(await allowedBy(UndecoratedGateway, { platform, url: '/x/../live' })).toEqual([OWN]);
  });

  it('is named in the log of a refusal, with the correction', async () => {
    const log = new RecordedLog();
    await allowedBy(NamedGateway, { platform, log });
    await allowedBy(DisabledGateway, { platform, log });
    await allowedBy(UntouchedGateway, { platform, log });
    expect(log.warnings.map((line) => line.split('(')[0])).toEqual([
      'origin-not-allowed: WebSocket handshake "/socket.io/" from origin "https://app.example.com" ',
      'disabled: WebSocket handshake "/socket.io/" from origin "https://app.example.com" ',
      'no-policy: WebSocket handshake "/socket.io/" from origin "https://app.example.com" ',
    ]);
    expect(log.warnings[0]).toContain(
      "(NamedGateway): `origin` does not list this origin. If the page should have access, write `origin: ['https://partner.example', 'https://app.example.com']` in policy \"partners\".",
    );
    expect(log.warnings[1]).toContain(
      '(DisabledGateway): @DisableCors() on DisabledGateway refuses other origins. If the page should have access, write `@Cors()` in its place.',
    );
    expect(log.warnings[2]).toContain(
      '(UntouchedGateway): The policy has no `origin`, so pages of other origins may not open WebSockets. If the page should have access, write `@Cors()` in its place.',
    );
  });
});

describe('the gateways of one server', () => {
  @WebSocketGateway(8085, { path: '/chat' })
  class ChatGateway {}
  @WebSocketGateway(8085, { path: '/chat', namespace: 'admin' })
  @Cors({ origin: ADMIN })
  class AdminGateway {}
  @WebSocketGateway({ namespace: /^\/room-/, allowRequest: () => undefined })
  class RoomGateway {}

  /** Listens on no port. */
  class NoServer extends IoAdapter {
    override createIOServer() {
      const namespace = { on: () => undefined, use: () => undefined };
      return { ...namespace, of: () => namespace } as never;
    }
    override async close(): Promise<void> {}
  }

  it('are found by port and path, in the order of the modules, each once', async () => {
    @Module({ providers: [ChatGateway] })
    class FirstModule {}
    @Module({
      imports: [FirstModule, CorsModule.forRoot({ origin: APP })],
      providers: [ChatGateway, AdminGateway, RoomGateway],
    })
    class TwoModules {}
    const app = await NestFactory.create(TwoModules, { logger: false, abortOnError: false });
    app.useWebSocketAdapter(new NoServer(app));
    const { handshakes } = app.get(CorsRuntime);
    expect(handshakes.gatewaysOf(0, undefined)).toEqual([]);
    await app.init();
    const facts = (gateways: readonly GatewayPolicy[]) =>
      gateways.map(({ target, namespace, policy, checksItself }) => [target, namespace, policy?.state, checksItself]);
    expect(facts(handshakes.gatewaysOf(8085, '/chat')).sort()).toEqual([
      ['AdminGateway', 'admin', 'open', false],
      ['ChatGateway', undefined, undefined, false],
    ]);
    expect(facts(handshakes.gatewaysOf(0, undefined))).toEqual([['RoomGateway', /^\/room-/, undefined, true]]);
    expect(handshakes.gatewaysOf(8085, undefined)).toEqual([]);
    await app.close();
  });
});

describe('a mistake on a gateway', () => {
  it.each<[string, ClassDecorator, string]>([
    ['an unknown policy', Cors('partner'), 'policy-unknown in OddGateway'],
    ['an invalid origin', Cors({ origin: 'app.example.com' }), 'origin-invalid in OddGateway'],
    ['an unprovided resolver', Cors({ origin: Resolver }), 'resolver-unknown in OddGateway'],
    ['options of an untouched gateway', Cors('untouched', { maxAge: 5 } as never), 'policy-reserved in OddGateway'],
    [
      'credentials for every origin',
      Cors({ origin: '*', credentials: true } as never),
      'credentials-wildcard-origin in OddGateway',
    ],
  ])('stops the boot: %s', async (_, decorator, code) => {
    @decorator
    @WebSocketGateway()
    class OddGateway {}
    expect(codesOf(await boot(moduleOf([OddGateway])))).toEqual([code]);
  });

  it('stops the boot: two decorators', async () => {
    @Cors()
    @DisableCors()
    @WebSocketGateway()
    class OddGateway {}
    expect(codesOf(await boot(moduleOf([OddGateway])))).toEqual(['decorator-conflict in OddGateway']);
  });

  it('stops the boot: no origin at any level', async () => {
    @Cors({ maxAge: 5 })
    @WebSocketGateway()
    class OddGateway {}
    expect(codesOf(await boot(moduleOf([OddGateway], {})))).toEqual(['origin-missing in OddGateway']);
  });

  it('stops the boot: a decorator on a message handler', async () => {
    @WebSocketGateway()
    class OddGateway {
      @Cors('partners') @SubscribeMessage('message') message(): void {}
      @DisableCors() @SubscribeMessage('other') other(): void {}
    }
    const result = await boot(moduleOf([OddGateway]));
    expect(codesOf(result)).toEqual(['decorator-misplaced in OddGateway.message, OddGateway.other']);
    expect(result.message).toContain('OddGateway is a gateway, and its policy decides when a client connects');
    expect(result.message).toContain('to the class of a gateway');
  });

  it('stops the boot: no CorsModule in the application', async () => {
    @Module({ providers: [NamedGateway] })
    class WithoutCors {}
    expect(codesOf(await boot(WithoutCors))).toEqual(['not-installed in NamedGateway']);
  });
});
