import { CorsConfigurationError } from 'nestjs-cors';
import { readCorsEnvironment, splitList } from 'nestjs-cors/config';

function problemsIn(environment: Record<string, string | undefined>): CorsConfigurationError['problems'] {
  try {
    readCorsEnvironment(environment);
  } catch (error) {
    expect(error).toBeInstanceOf(CorsConfigurationError);
    return (error as CorsConfigurationError).problems;
  }
  return [];
}

function problemsOf(environment: Record<string, string | undefined>) {
  return problemsIn(environment).map(({ code, targets, property }) => [code, targets[0], property]);
}

const ORIGINS = { CORS_ORIGINS: 'https://app.example.com' };

describe('splitList', () => {
  it.each([
    ['https://a.example', ['https://a.example']],
    [' https://a.example , https://b.example ', ['https://a.example', 'https://b.example']],
    ['GET,PUT,', ['GET', 'PUT']],
    [',,x-a,,', ['x-a']],
  ])('splits %j', (text, list) => {
    expect(splitList(text)).toEqual(list);
  });

  it.each([undefined, '', '   ', ',', ' , ,'])('refuses %j and names the variable', (text) => {
    expect(() => splitList(text, 'CORS_ORIGINS')).toThrow(/^CORS_ORIGINS is (not set|blank)\. Set it to/);
  });
});

describe('readCorsEnvironment', () => {
  it('reads every variable', () => {
    expect(
      readCorsEnvironment({
        CORS_ORIGINS: 'https://app.example.com, https://*.partner.example',
        CORS_METHODS: 'GET,PUT',
        CORS_ALLOWED_HEADERS: 'content-type,authorization',
        CORS_EXPOSED_HEADERS: 'x-total-count',
        CORS_CREDENTIALS: 'true',
        CORS_MAX_AGE: '600',
        CORS_OPTIONS_SUCCESS_STATUS: '200',
        CORS_ENFORCE: 'unsafe-methods',
      }),
    ).toEqual({
      origin: ['https://app.example.com', 'https://*.partner.example'],
      methods: ['GET', 'PUT'],
      allowedHeaders: ['content-type', 'authorization'],
      exposedHeaders: ['x-total-count'],
      credentials: true,
      maxAge: 600,
      optionsSuccessStatus: 200,
      enforce: 'unsafe-methods',
    });
  });

  it('leaves out variables that are not set', () => {
    expect(readCorsEnvironment(ORIGINS)).toEqual({ origin: ['https://app.example.com'] });
  });

  it.each([
    ['CORS_CREDENTIALS', 'false', { credentials: false }],
    ['CORS_MAX_AGE', '0', { maxAge: 0 }],
    ['CORS_MAX_AGE', '86400', { maxAge: 86_400 }],
    ['CORS_OPTIONS_SUCCESS_STATUS', '299', { optionsSuccessStatus: 299 }],
    ['CORS_ENFORCE', 'false', { enforce: false }],
    ['CORS_ENFORCE', 'all', { enforce: 'all' }],
    ['CORS_ENFORCE_REPORT_ONLY', 'true', { enforceReportOnly: true }],
  ])('reads %s=%s', (name, value, expected) => {
    expect(readCorsEnvironment({ ...ORIGINS, [name]: value })).toMatchObject(expected);
  });

  it.each([undefined, '', '  ', ','])('throws for missing origins (%j) instead of opening the policy', (value) => {
    expect(problemsOf({ CORS_ORIGINS: value })).toEqual([
      ['origin-missing', 'environment variable CORS_ORIGINS', 'origin'],
    ]);
  });

  it('does not read inherited properties', () => {
    expect(problemsOf(Object.create(ORIGINS))).toHaveLength(1);
  });

  it.each([
    ['CORS_CREDENTIALS', 'yes', 'option-type'],
    ['CORS_CREDENTIALS', 'TRUE', 'option-type'],
    ['CORS_CREDENTIALS', '', 'option-type'],
    ['CORS_MAX_AGE', '86401', 'max-age-range'],
    ['CORS_MAX_AGE', '-1', 'max-age-range'],
    ['CORS_MAX_AGE', '1.5', 'max-age-range'],
    ['CORS_MAX_AGE', '10m', 'max-age-range'],
    ['CORS_MAX_AGE', ' ', 'max-age-range'],
    ['CORS_OPTIONS_SUCCESS_STATUS', '199', 'status-range'],
    ['CORS_OPTIONS_SUCCESS_STATUS', '300', 'status-range'],
    ['CORS_ENFORCE', 'true', 'option-type'],
    ['CORS_ENFORCE_REPORT_ONLY', 'yes', 'option-type'],
    ['CORS_METHODS', ',', 'option-type'],
    ['CORS_EXPOSED_HEADERS', '', 'option-type'],
  ])('refuses %s=%j', (name, value, code) => {
    expect(problemsOf({ ...ORIGINS, [name]: value }).map(([found]) => found)).toEqual([code]);
  });

  it.each([
    ['*', ['*']],
    ['https://app.example.com', ['https://app.example.com']],
    ['app://., http://localhost:*,', ['app://.', 'http://localhost:*']],
  ])('keeps the origins %j unchanged', (text, origin) => {
    expect(readCorsEnvironment({ CORS_ORIGINS: text })).toEqual({ origin });
  });

  it.each([
    ['https://app.example.com/', 'has a trailing slash', 'https://app.example.com'],
    ['"https://app.example.com"', 'has quotation marks in it', 'https://app.example.com'],
    ['"https://a.example,https://b.example"', 'has quotation marks in it', 'https://a.example,https://b.example'],
    ['["https://a.example","https://b.example"]', 'is a JSON list', 'https://a.example,https://b.example'],
    ['[https://a.example, https://b.example]', 'has brackets around it', 'https://a.example,https://b.example'],
    ['https://a.example https://b.example', 'holds several origins', 'https://a.example,https://b.example'],
    ['http://localhost:3000-3001', 'has several ports', 'http://localhost:3000,http://localhost:3001'],
    ['http://localhost:3000,3001', 'has several ports', 'http://localhost:3000,http://localhost:3001'],
    ['http://localhost:3000-3999', 'has several ports', 'http://localhost:*'],
    ['https://{a,b}.example', 'has alternatives in braces', 'https://a.example,https://b.example'],
    ['.example.com', 'has a dot before its host', 'https://*.example.com'],
    ['https://a.example,App.Example.com', 'has no scheme', 'https://a.example,https://app.example.com'],
    ['localhost:3000', 'has no scheme', 'http://localhost:3000'],
    ['https://*', 'has a star for the whole host', '*'],
    ['CORS_ORIGINS=https://a.example', 'begins with the name of a variable', 'https://a.example'],
    ['10.0.0.1/32', 'is a range of IP addresses', 'http://10.0.0.1'],
    ['https://a.example,undefined', 'is a word', 'https://a.example'],
  ])('names the variable for %j, says that it %s, and prints the value %j', (text, words, fixed) => {
    const [problem, ...others] = problemsIn({ CORS_ORIGINS: text });
    expect(others).toEqual([]);
    expect(problem).toMatchObject({
      code: 'origin-invalid',
      targets: ['environment variable CORS_ORIGINS'],
      property: 'origin',
      message: expect.stringContaining(words),
      remedy: `Set \`CORS_ORIGINS=${fixed}\`.`,
    });
    expect(readCorsEnvironment({ CORS_ORIGINS: fixed })).toHaveProperty('origin');
  });

  it('prints code for a range of addresses, which no variable can hold', () => {
    const problems = problemsIn({ CORS_ORIGINS: 'https://a.example,10.0.0.0/8', CORS_CREDENTIALS: 'true' });
    expect(problems).toMatchObject([{ code: 'origin-invalid', targets: ['environment variable CORS_ORIGINS'] }]);
    expect(problems[0]?.remedy).toContain(
      "`origin: (origin) => origin === 'https://a.example' || /^https:\\/\\/10\\.\\d+\\.\\d+\\.\\d+(?::\\d+)?$/.test(origin)`",
    );
  });

  it('reports each wrong entry, and the null origin with its own code', () => {
    const problems = problemsIn({ CORS_ORIGINS: 'https://a.example/,null,https://b.example', CORS_MAX_AGE: 'x' });
    expect(problems.map(({ code, value }) => [code, value])).toEqual([
      ['origin-invalid', 'https://a.example/'],
      ['origin-null', 'null'],
      ['max-age-range', 'x'],
    ]);
    expect(problems[1]?.remedy).toBe('Set `CORS_ORIGINS=https://a.example,https://b.example`.');
  });

  it.each([
    ['^https://.*\\.example\\.com$', 'Set `CORS_ORIGINS=https://*.example.com`.'],
    [
      'https://a.example,/^https:\\/\\/(b|c)\\.example$/',
      'Set `CORS_ORIGINS=https://a.example,https://b.example,https://c.example`.',
    ],
    [
      '^https://pr-\\d{1,3}\\.example\\.com$',
      'No variable can hold this. Write it in the code: `origin: (origin) => /^https:\\/\\/pr-\\d{1,3}\\.example\\.com$/.test(origin)`.',
    ],
  ])('refuses the expression in %j', (text, remedy) => {
    expect(problemsIn({ CORS_ORIGINS: text })).toEqual([
      expect.objectContaining({ code: 'origin-expression', targets: ['environment variable CORS_ORIGINS'], remedy }),
    ]);
  });

  it('prints no value that credentials forbid', () => {
    const [problem] = problemsIn({ CORS_ORIGINS: 'https://*,http://a.example/', CORS_CREDENTIALS: 'true' });
    expect(problem?.remedy).toBe('Set `CORS_ORIGINS=https://a.example`.');
  });

  it('reports every mistake at once', () => {
    expect(problemsOf({ CORS_MAX_AGE: 'x', CORS_CREDENTIALS: 'x' })).toHaveLength(3);
  });
});
