import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { CorsExplanation } from 'nestjs-cors';
import { CorsBlockedError, corsMatchers, openPage, type Page } from 'nestjs-cors/testing';
import { createAdapter } from './adapter';
import { AppModule } from './app.module';
import { fakeTimers } from './fake-timers';

expect.extend(corsMatchers);

describe('a page', () => {
  let app: INestApplication;
  let page: Page;

  beforeAll(async () => {
    const module = await Test.createTestingModule({ imports: [AppModule] }).compile();
    app = module.createNestApplication(createAdapter());
  });
  beforeEach(() => {
    page = openPage(app, 'https://app.example.com');
  });
  afterAll(() => app?.close());

  it('reads what its policy allows', async () => {
    const response = await page.fetch('/items', { credentials: 'include' });
    expect(await response.json()).toEqual(['lamp', 'chair']);
    expect(page.exchanges.map(({ method, status }) => [method, status])).toEqual([['GET', 200]]);
  });

  it('gets the error of a browser where its policy forbids reading', async () => {
    const error: unknown = await page.fetch('/items/7', { method: 'DELETE' }).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(CorsBlockedError);
    expect(error).toBeInstanceOf(TypeError);
    const { cors, message } = error as CorsBlockedError;
    const explanation: CorsExplanation | undefined = cors.explanation;
    expect(message).toBe('Failed to fetch');
    expect([cors.step, cors.code, explanation?.reason]).toEqual([
      'preflight',
      'PreflightMissingAllowOriginHeader',
      'origin-not-allowed',
    ]);
  });

  it('has matchers', async () => {
    await expect(page).toRead('/items');
    await expect(page).toBeBlockedFrom('/items/7', { method: 'DELETE' });
    await expect(page).not.toSeeHeader('/items', 'x-total-count');
    await expect(page).toSeeHeader('/items', 'content-type');
    // @ts-expect-error The path is missing.
    const mistyped = () => expect(page).toRead();
    expect(mistyped).toBeDefined();
  });

  it('explains a matcher that fails', async () => {
    const failing = async () => expect(page).toRead('/items/7', { method: 'DELETE' });
    await expect(failing()).rejects.toThrow('Change: If the page should have access, write `origin: [');
    const opposite = async () => expect(page).not.toRead('/items');
    await expect(opposite()).rejects.toThrow('Readable: GET /items from https://app.example.com.');
  });

  it('keeps the answer to a preflight until fake timers have passed its max-age', async () => {
    const preflights = async () => {
      await page.fetch('/items', { headers: { 'content-type': 'application/json' } });
      return page.exchanges.filter(({ preflight }) => preflight).length;
    };
    fakeTimers.useFakeTimers();
    try {
      expect(await preflights()).toBe(1);
      fakeTimers.advanceTimersByTime(599_000);
      expect(await preflights()).toBe(1);
      fakeTimers.advanceTimersByTime(1_000);
      expect(await preflights()).toBe(2);
    } finally {
      fakeTimers.useRealTimers();
    }
  });
});
