import { parseOriginPattern } from '../../../src/origin/pattern/parse-origin-pattern.js';

const APP = 'https://app.example.com';
const ADMIN = 'https://admin.example.com';
const PORTS = ['http://localhost:3000', 'http://localhost:3001', 'http://localhost:3002'];

const QUOTES = 'has quotation marks in it, perhaps from a file or a shell';
const BRACKETS = 'has brackets around it, perhaps from a file or a template';
const JSON_LIST = 'is a JSON list in one string; write a list';
const PORT_LIST = 'has several ports; an origin has one, and a star stands for all';
const DOT = 'has a dot before its host; subdomains are written with a star';
const RANGE = 'is a range of IP addresses; an origin names one host';
const EVERY = 'has a star for the whole host, which would allow every site';
const SCHEME = 'has a star or a choice for its scheme; name the scheme';
const SLIP = 'has no :// after its scheme';
const ALTERNATIVES = 'has alternatives in braces; write a list';
const LIST = 'holds several origins in one string; write a list';

describe('parseOriginPattern with another notation', () => {
  const rows: [text: string, reason: string, suggestion?: string | string[]][] = [
    [`"${APP}"`, QUOTES, APP],
    [`'${APP}'`, QUOTES, APP],
    [`\`${APP}\``, QUOTES, APP],
    [`\\"${APP}\\"`, QUOTES, APP],
    [`\u201c${APP}\u201d`, QUOTES, APP],
    [`"${APP}/"`, QUOTES, APP],
    [`"${APP}`, QUOTES, APP],
    [`${APP}"`, QUOTES, APP],
    [`"${APP},${ADMIN}"`, QUOTES, [APP, ADMIN]],
    [`"${APP}", "${ADMIN}"`, QUOTES, [APP, ADMIN]],
    ['"app.example.com"', QUOTES, APP],
    ['"*"', QUOTES, '*'],
    ['""', QUOTES],
    [`[${APP}]`, BRACKETS, APP],
    [`<${APP}>`, BRACKETS, APP],
    [`(${APP})`, BRACKETS, APP],
    [`{${APP},${ADMIN}}`, BRACKETS, [APP, ADMIN]],
    [`[${APP}, ${ADMIN}]`, BRACKETS, [APP, ADMIN]],
    [`[${APP}`, BRACKETS, APP],
    [`${APP}]`, BRACKETS, APP],
    [`['${APP}', '${ADMIN}']`, BRACKETS, [APP, ADMIN]],
    ['[app.example.com]', BRACKETS, APP],
    [`["${APP}"]`, JSON_LIST, APP],
    [`["${APP}","${ADMIN}/"]`, JSON_LIST, [APP, ADMIN]],
    ['["https:\\/\\/app.example.com"]', JSON_LIST, APP],
    ['["http://localhost:3000-3001"]', JSON_LIST, PORTS.slice(0, 2)],
    ['[1]', JSON_LIST],
    ['[]', JSON_LIST],
    [`"["${APP}"]"`, QUOTES, APP],
    ['http://localhost:3000-3002', PORT_LIST, PORTS],
    ['http://localhost:3000..3002', PORT_LIST, PORTS],
    ['http://localhost:3002-3000', PORT_LIST, PORTS],
    ['http://localhost:3000-3011', PORT_LIST, Array.from({ length: 12 }, (_, n) => `http://localhost:${3000 + n}`)],
    ['http://localhost:3000-3012', PORT_LIST, 'http://localhost:*'],
    ['http://localhost:3000-9999/', PORT_LIST, 'http://localhost:*'],
    ['http://localhost:{3000,3001,3002}', PORT_LIST, PORTS],
    ['http://localhost:[3000,3001-3002]', PORT_LIST, PORTS],
    ['http://localhost:3000,3001,3002', PORT_LIST, PORTS],
    ['http://localhost:3000, :3001, :3002', PORT_LIST, PORTS],
    ['localhost:3000|3001|3002', PORT_LIST, PORTS],
    // `3001` in a list is not an address, although a URL parser reads it as 0.0.11.185.
    ['http://localhost:3000,3001#', LIST, 'http://localhost:3000'],
    ['http://localhost:3000, http', LIST, 'http://localhost:3000'],
    ['http://[::1]:3000-3001', PORT_LIST, ['http://[::1]:3000', 'http://[::1]:3001']],
    ['http://*.localhost:3000-3001', PORT_LIST, ['http://*.localhost:3000', 'http://*.localhost:3001']],
    ['https://app.example.com:443-444', PORT_LIST, [APP, `${APP}:444`]],
    ['http://localhost:0-3', PORT_LIST],
    ['http://localhost:65535-65536', PORT_LIST],
    ['.example.com', DOT, 'https://*.example.com'],
    ['https://.example.com', DOT, 'https://*.example.com'],
    ['//.example.com', DOT, 'https://*.example.com'],
    ['.example.com:8443', DOT, 'https://*.example.com:8443'],
    ['.localhost:3000', DOT, 'http://*.localhost:3000'],
    ['https://*', EVERY, '*'],
    ['https://*/', EVERY, '*'],
    ['http://*:*', EVERY, '*'],
    ['*://*', EVERY, '*'],
    ['*://*/*', EVERY, '*'],
    ['**', EVERY, '*'],
    ['*.*', EVERY, '*'],
    ['https://*.*', EVERY, '*'],
    ['*:*', EVERY, '*'],
    ['10.0.0.0/8', RANGE],
    ['192.168.0.0/16', RANGE],
    ['http://192.168.1.0/24', RANGE],
    ['192.168.1.*', RANGE],
    ['http://192.168.*.*:3000', RANGE],
    ['fd00::/8', RANGE],
    ['[fd00::]/8', RANGE],
    ['192.168.1.7/32', RANGE, 'http://192.168.1.7'],
    ['*://*.example.com/*', SCHEME, 'https://*.example.com'],
    ['*://localhost:3000', SCHEME, ['http://localhost:3000', 'https://localhost:3000']],
    ['http(s)://app.example.com', SCHEME, APP],
    ['http[s]://app.example.com', SCHEME, APP],
    ['{http,https}://app.example.com', SCHEME, APP],
    ['https//app.example.com', SLIP, APP],
    ['https:app.example.com', SLIP, APP],
    ['https:/app.example.com', SLIP, APP],
    ['https;//app.example.com', SLIP, APP],
    ['https:://app.example.com', SLIP, APP],
    [`https://${APP}`, 'has two schemes', APP],
    [`http:${APP}`, 'has two schemes', APP],
    ['https://{app,admin}.example.com', ALTERNATIVES, [APP, ADMIN]],
    ['https://app.example.{com, org}', ALTERNATIVES, [APP, 'https://app.example.org']],
    [`CORS_ORIGINS=${APP}`, 'begins with the name of a variable', APP],
    [`export CORS_ORIGINS="${APP},${ADMIN}"`, 'begins with the name of a variable', [APP, ADMIN]],
    [`Origin: ${APP}`, 'begins with the name of a header or an option', APP],
    [`origins: ["${APP}"]`, 'begins with the name of a header or an option', APP],
    [`- ${APP}`, 'begins with the sign of a list item', APP],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how placeholders look
    ['${FRONTEND_URL}', 'contains the placeholder ${FRONTEND_URL}, which was not replaced'],
    ['https://$HOST', 'contains the placeholder $HOST, which was not replaced'],
    ['https://{{ host }}', 'contains the placeholder {{ host }}, which was not replaced'],
    ['%FRONTEND_URL%', 'contains the placeholder %FRONTEND_URL%, which was not replaced'],
    ['https://<your-domain>', 'contains the placeholder <your-domain>, which was not replaced'],
    ['self', 'stands for the own origin, whose pages need no CORS'],
    ['all', "is a word; every origin is written '*'", '*'],
    ['3000', 'is a port without a scheme and a host', 'http://localhost:3000'],
    [':3000', 'is a port without a scheme and a host', 'http://localhost:3000'],
    [
      'http://localhost*',
      'has a star with fewer than two labels to its right, so it would match unrelated hosts',
      'http://localhost:*',
    ],
    ['localhost*', 'has no scheme; an origin begins with one, such as https://', 'http://localhost:*'],
    [
      'http://localhost:30*',
      'has a star for a part of its port; a star stands for the whole port',
      'http://localhost:*',
    ],
    [`${APP};${ADMIN}/`, LIST, [APP, ADMIN]],
    [`${APP},null,undefined`, LIST, APP],
    [`${APP},a!b`, LIST, APP],
    [`["${APP}","null"]`, JSON_LIST, APP],
    [`${APP},.example.org`, LIST, [APP, 'https://*.example.org']],
  ];
  it.each(rows.map(([text, reason, suggestion]) => ({ text, reason, suggestion })))(
    'explains and corrects $text',
    (row) => {
      const { text, reason, suggestion } = row;
      const { fault } = parseOriginPattern(text);
      expect([fault?.reason, fault?.suggestion]).toEqual([reason, suggestion]);
    },
  );

  it.each([
    APP,
    'https://*.example.com',
    'http://localhost:*',
    'http://localhost:3000',
    'http://127.0.0.1:3000',
    'http://[::1]:3000',
    'https://self',
    'app://(a)',
    "app://a'",
    'app://a=b',
    'app://a,b',
    'app://3000-3010',
    'https://app-3000-3010.example.com',
    'https://origin',
  ])('takes %s for an origin, not for another notation', (text) => {
    expect(parseOriginPattern(text).fault).toBeUndefined();
  });

  it.each(['[::1]', '[::1]:3000', '[::1', 'http://[::1', 'http://[example]', '10.0.0.1', 'http://10.0.0.1/'])(
    'takes %s for an address, not for another notation',
    (text) => {
      const reason = parseOriginPattern(text).fault?.reason;
      expect(reason).toMatch(/scheme|bracket|IPv6|slash/);
      expect(reason).not.toBe(BRACKETS);
    },
  );
});
