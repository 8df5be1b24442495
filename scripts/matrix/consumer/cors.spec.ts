import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { CorsConfigurationError, CorsModule, CorsService } from 'nestjs-cors';
import { createAdapter } from './adapter';
import { AppModule } from './app.module';

describe('the CORS of this application', () => {
  let app: INestApplication;

  beforeAll(async () => {
    const module = await Test.createTestingModule({ imports: [AppModule] }).compile();
    app = module.createNestApplication(createAdapter());
    await app.listen(0, '127.0.0.1');
  });
  afterAll(() => app?.close());

  const preflight = (origin: string) =>
    fetch(`http://127.0.0.1:${app.getHttpServer().address().port}/items`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'GET' },
    });

  it('answers a preflight by the policy of the handler', async () => {
    const allowed = await preflight('https://app.example.com');
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://app.example.com');
    const refused = await preflight('https://www.example.com');
    expect(refused.status).toBe(403);
    expect(refused.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('injects the services of the module', async () => {
    const cors = app.get(CorsService);
    expect(await cors.isOriginAllowed('https://www.example.com')).toBe(true);
    expect(await cors.isOriginAllowed('https://lamp.example.net', 'tenants')).toBe(true);
    expect(await cors.isOriginAllowed('https://table.example.net', 'tenants')).toBe(false);
  });

  it('refuses to boot with a mistake', async () => {
    const module = await Test.createTestingModule({
      imports: [CorsModule.forRoot({ origin: 'https://app.example.com/' })],
    }).compile();
    await expect(module.createNestApplication(createAdapter()).init()).rejects.toBeInstanceOf(CorsConfigurationError);
  });
});
