import { describe, expect, it } from '@jest/globals';
import { judge } from '../../../src/browser/judge.js';
import { originAfterRedirect } from '../../../src/browser/page-request.js';
import { API, PAGE, request, response } from './requests.js';

const OTHER = 'https://other.example/';

/** A redirect that allows the page. */
function redirect(location: string | readonly string[], { status = 302, allowed = PAGE } = {}) {
  return response({ 'Access-Control-Allow-Origin': allowed, Location: location }, status);
}

describe('a redirect whose check passes', () => {
  it.each([301, 302, 303, 307, 308])('is followed with status %d', (status) => {
    const verdict = judge(request(), { response: redirect('/login?a#b', { status }) });
    expect([verdict.readable, verdict.step, verdict.follow]).toEqual([
      false,
      undefined,
      'https://api.example.com/login?a#b',
    ]);
  });

  it.each([
    ['//other.example', OTHER],
    ['https://other.example', OTHER],
    ['?b', `${API}?b`],
  ])('leads from the API with the Location %j to %s', (location, follow) => {
    expect(judge(request(), { response: redirect(location) }).follow).toBe(follow);
  });

  it.each([300, 304, 305, 306, 200])('is a response to read with status %d', (status) => {
    const verdict = judge(request(), { response: redirect('/login', { status }) });
    expect([verdict.readable, verdict.follow]).toEqual([true, undefined]);
  });

  it.each([[[]], [''], [['', ' ']]])('is a response to read with the Location %j, as in Chromium', (location) => {
    expect(judge(request(), { response: redirect(location) }).readable).toBe(true);
  });

  it('is followed by an embed, to any address', () => {
    const embed = request({ mode: 'no-cors' });
    const { follow } = judge(embed, { response: response({ Location: 'https://user@other.example' }, 302) });
    expect(follow).toBe('https://user@other.example/');
  });
});

describe('a redirect that browsers do not follow', () => {
  it('does not allow the origin', () => {
    const verdict = judge(request(), { response: response({ Location: '/login' }, 307) });
    expect([verdict.step, verdict.status, verdict.failed, verdict.follow]).toEqual([
      'redirect',
      307,
      ['origin'],
      undefined,
    ]);
    expect(verdict.browsers).toEqual({
      chromium: { name: 'MissingAllowOriginHeader', parameter: undefined },
      firefox: { name: 'CORSMissingAllowOrigin', parameter: '307' },
      webkit: { name: 'redirect-denied', parameter: 'https://api.example.com/login' },
    });
  });

  it('does not allow credentials', () => {
    const { browsers } = judge(request({ credentials: true }), { response: redirect(OTHER) });
    expect(browsers).toEqual({
      chromium: { name: 'InvalidAllowCredentials', parameter: '' },
      firefox: { name: 'CORSMissingAllowCredentials', parameter: undefined },
      webkit: { name: 'redirect-denied', parameter: OTHER },
    });
  });

  it.each(['https://user@other.example/', 'https://:secret@api.example.com/', 'https://user@app.example.com/'])(
    'leads to %s',
    (location) => {
      const { step, failed, browsers } = judge(request(), { response: redirect(location) });
      expect([step, failed, browsers]).toEqual([
        'redirect',
        ['location'],
        {
          chromium: { name: 'RedirectContainsCredentials', parameter: undefined },
          firefox: { name: 'CORSDidNotSucceed', parameter: undefined },
          webkit: { name: 'redirect-has-credentials', parameter: location },
        },
      ]);
    },
  );

  it('has a bad origin before it has a bad address', () => {
    const verdict = judge(request(), { response: redirect('https://user@other.example', { allowed: 'null' }) });
    expect([verdict.failed, verdict.browsers.chromium.name]).toEqual([['origin'], 'AllowOriginMismatch']);
  });

  it.each(['https://', 'data:text/plain,a', 'file:///etc/hosts', 'about:blank'])(
    'leads to %s, and no engine names that',
    (location) => {
      const { step, failed, browsers } = judge(request(), { response: redirect(location) });
      const names = [browsers.chromium.name, browsers.firefox.name, browsers.webkit.name];
      expect([step, failed, ...names]).toEqual(['redirect', ['location'], undefined, undefined, undefined]);
    },
  );
});

describe('a redirect that allows no origin', () => {
  it('has no name in Chromium if its Location is no URL', () => {
    const { browsers } = judge(request(), { response: response({ Location: 'http://' }, 302) });
    const names = [browsers.chromium.name, browsers.firefox.name, browsers.webkit.name];
    expect(names).toEqual([undefined, 'CORSMissingAllowOrigin', 'redirect-denied']);
  });
});

describe('a redirect to a scheme that is not http', () => {
  it.each(['ftp://other.example', 'capacitor://localhost'])('has a name in Chromium alone: %s', (location) => {
    const { step, browsers } = judge(request(), { response: redirect(location) });
    const names = [browsers.chromium.name, browsers.firefox.name, browsers.webkit.name];
    expect([step, ...names]).toEqual(['redirect', 'CorsDisabledScheme', undefined, undefined]);
    expect(browsers.chromium.parameter).toBeUndefined();
  });

  it('has no name for an embed', () => {
    const answer = response({ Location: 'ftp://other.example' }, 302);
    const { step, browsers } = judge(request({ mode: 'no-cors' }), { response: answer });
    expect([step, browsers.chromium.name]).toEqual(['redirect', undefined]);
  });
});

describe('a redirect from the origin of the page', () => {
  const own = request({ url: `${PAGE}/a` });

  it('needs no permission', () => {
    expect(judge(own, { response: response({ Location: API }, 302) }).follow).toBe(API);
  });

  it('may include credentials only within that origin', () => {
    const within = judge(own, { response: response({ Location: 'https://user@app.example.com/b' }, 302) });
    const beyond = judge(own, { response: response({ Location: 'https://user@api.example.com/b' }, 302) });
    expect([within.follow, beyond.browsers.chromium.name]).toEqual([
      'https://user@app.example.com/b',
      'RedirectContainsCredentials',
    ]);
  });
});

describe('the origin after a redirect', () => {
  it.each([
    ['stays on the same origin', PAGE, API, 'https://api.example.com/b', PAGE],
    ['stays when the page itself redirects to another origin', PAGE, `${PAGE}/a`, API, PAGE],
    ['becomes null from another origin to a third one', PAGE, API, OTHER, 'null'],
    ['becomes null from another origin back to the page', PAGE, API, `${PAGE}/a`, 'null'],
    ['becomes null when only the scheme changes', PAGE, API, 'http://api.example.com/', 'null'],
    ['becomes null when only the port changes', PAGE, API, 'https://api.example.com:8443/', 'null'],
    ['stays null', 'null', OTHER, `${PAGE}/a`, 'null'],
    ['is null for URLs that cannot be parsed', PAGE, '/a', API, 'null'],
  ])('%s', (_what, origin, from, to, after) => {
    expect(originAfterRedirect(origin, from, to)).toBe(after);
  });

  it('makes a page foreign to its own server after a detour', () => {
    const back = request({ origin: originAfterRedirect(PAGE, API, `${PAGE}/a`), url: `${PAGE}/a` });
    expect(judge(back, { response: response({ 'Access-Control-Allow-Origin': PAGE }) }).readable).toBe(false);
    expect(judge(back, { response: response({ 'Access-Control-Allow-Origin': 'null' }) }).readable).toBe(true);
  });
});
