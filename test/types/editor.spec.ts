import path from 'node:path';
import ts from 'typescript';
import { Editor } from './support/editor.js';

const { config } = ts.readConfigFile('tsconfig.json', ts.sys.readFile);
const editor = new Editor(path.join(process.cwd(), 'open-file.ts'), {
  ...ts.parseJsonConfigFileContent(config, ts.sys, process.cwd()).options,
  noUnusedLocals: false,
  types: ['node'],
});

const ORIGIN_TITLE = '(property) CorsPolicyOptions.origin?: OriginOption | undefined';

/** The places of options: code with `OPTION` for one of them, and the interface that documents them. */
const PLACES = [
  ['CorsModule.forRoot({ OPTION })', 'CorsModuleOptions'],
  ['CorsModule.forRoot({ policies: { partners: { OPTION } } })', 'CorsPolicyOptions'],
  ['CorsModule.forRoot({ paths: [{ OPTION }] })', 'PathPolicyOptions'],
  ["CorsModule.forRoot({ paths: [{ path: '/graphql', policy: { OPTION } }] })", 'CorsPolicyOptions'],
  ['CorsModule.forRoot({ resolver: { OPTION } })', 'ResolverOptions'],
  ['CorsModule.forRoot({ diagnostics: { OPTION } })', 'DiagnosticsOptions'],
  ['CorsModule.forRootAsync({ OPTION })', 'CorsModuleAsyncOptions'],
  ['CorsModule.forRootAsync({ useFactory: () => ({ OPTION }) })', 'CorsModuleOptions'],
  ['CorsModule.forRootAsync({ useFactory: async () => ({ OPTION }) })', 'CorsModuleOptions'],
  ['@Cors({ OPTION }) class Orders {}', 'CorsPolicyOptions'],
  ["@Cors('partners', { OPTION }) class Orders {}", 'CorsPolicyOptions'],
  ["({} as import('nestjs-cors').CorsService).explain({ OPTION })", 'CorsExplanationRequest'],
] as const;

/** The options of an interface. */
function optionsOf(name: string): string[] {
  return editor.suggestions(`const options: import('nestjs-cors').${name} = { | };`);
}

describe('an editor', () => {
  it('shows the docstring of an option', () => {
    expect(editor.hover("CorsModule.forRoot({ |credentials: true, origin: 'https://app.example.com' });")).toEqual([
      {
        title: '(property) CorsPolicyOptions.credentials?: boolean | undefined',
        text: 'Whether requests may carry cookies, TLS client certificates and HTTP authentication.',
        tags: ['@default false', '@see https://fetch.spec.whatwg.org/#http-access-control-allow-credentials'],
      },
    ]);
  });

  it.each([
    "CorsModule.forRoot({ |origin: 'https://app.example.com' });",
    "CorsModule.forRoot({ |origin: ['https://app.example.com'], credentials: true });",
    'CorsModule.forRoot({ |origin: (origin, { method }) => origin === method });',
    "@Cors({ |origin: 'https://app.example.com' }) class Orders {}",
    "class Orders { @Cors('partners', { |origin: 'https://app.example.com' }) list() {} }",
  ])('shows the docstring of origin in %s', (code) => {
    const [declared] = editor.hover("const { |origin } = {} as import('nestjs-cors').CorsPolicyOptions;");
    expect(declared?.text).toMatch(/^The origins that may read responses\./);
    expect(editor.hover(code)).toEqual([{ ...declared, title: ORIGIN_TITLE }]);
  });

  it.each(PLACES)('suggests and explains every option of %s', (place, declaredBy) => {
    const options = optionsOf(declaredBy);
    expect(options.length).toBeGreaterThan(1);
    expect(editor.suggestions(place.replace('OPTION', '|'))).toEqual(options);
    const written = options.map((option) => `|${option}: undefined as never`).join(', ');
    const unexplained = editor.hover(place.replace('OPTION', written)).filter(({ text }) => text === '');
    expect(unexplained).toEqual([]);
  });

  it.each(["CorsModule.forRoot({ enforce: '|' })", "@Cors({ enforce: '|' }) class Orders {}"])(
    'suggests the values of enforce in %s',
    (code) => {
      expect(editor.suggestions(code).sort()).toEqual(['all', 'unsafe-methods']);
    },
  );

  it('suggests the values of resourcePolicy', () => {
    expect(editor.suggestions("CorsModule.forRoot({ resourcePolicy: '|' })").sort()).toEqual([
      'cross-origin',
      'same-origin',
      'same-site',
    ]);
  });

  it('shows the docstrings of a page and its matchers', () => {
    const page = "({} as import('nestjs-cors/testing').Page)";
    const expectPage = `({} as typeof import('@jest/globals').expect)(${page})`;
    const shown = editor.hover(`${page}.|fetch('/orders'); ${expectPage}.|toRead('/orders');`);
    expect(shown.map(({ title, text }) => [title, text.split('\n', 1)[0]])).toEqual([
      [
        '(method) Page.fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>',
        '`fetch`, as a script of the page calls it. A relative URL resolves against the address of the application.',
      ],
      [
        '(method) CorsMatchers.toRead(path: string | URL, init?: RequestInit): Promise<void>',
        'Passes if the page can read the response, whatever its status: with the right headers a 500 is readable too.',
      ],
    ]);
  });

  it('shows the docstrings of the adapters and their option', () => {
    const name = "import('nestjs-cors/websockets')";
    const shown = editor.hover(
      `new (({} as typeof ${name}).|CorsIoAdapter)(app); new (({} as typeof ${name}).|CorsWsAdapter)(app, { |requireOrigin: true });`,
    );
    expect(shown.map(({ text }) => text.split('\n', 1)[0])).toEqual([
      'Checks the connections of gateways on socket.io with the CORS policies: of the transports polling and WebSocket. The',
      'Checks the handshakes of gateways on `ws` with the CORS policies. A page of another origin that the policy does not',
      'Whether connections without an Origin header are refused. Native clients usually send none. A page that polls its',
    ]);
  });

  it('suggests the right option for a wrong name', () => {
    expect(editor.messages("CorsModule.forRoot({ origin: 'https://app.example.com', allowHeaders: [] });")).toEqual([
      "Object literal may only specify known properties, but 'allowHeaders' does not exist in type 'CorsModuleOptions'. Did you mean to write 'allowedHeaders'?",
    ]);
    expect(editor.messages('@Cors({ allowHeaders: [] }) class Orders {}')).toEqual([
      "Object literal may only specify known properties, but 'allowHeaders' does not exist in type 'CorsPolicyOptions'. Did you mean to write 'allowedHeaders'?",
    ]);
  });

  it('explains that credentials exclude any origin', () => {
    expect(editor.messages("@Cors({ origin: '*', credentials: true }) class Orders {}")).toEqual([
      "Type 'true' is not assignable to type '\"Browsers refuse credentials together with any origin: list the origins, or leave credentials out\"'.",
    ]);
  });

  it.each([
    ['@|Cors() class Orders {}', ['@example ```@Cors()```']],
    [
      "@|Cors({ origin: 'https://app.example.com' }) class Orders {}",
      [
        "@example ```@Cors({ origin: ['https://admin.example.com'], credentials: true })```",
        "@example ```@Cors('partners')```",
      ],
    ],
    ["@|Cors('partners', { maxAge: 0 }) class Orders {}", ["@example ```@Cors('partners', { maxAge: 0 })```"]],
    [
      'CorsModule.|forRoot({});',
      ["@example ```ts\nCorsModule.forRoot({ origin: ['https://app.example.com'], credentials: true })\n```"],
    ],
  ])('shows all examples of %s', (code, examples) => {
    const tags = editor.hover(code).flatMap((shown) => shown.tags);
    expect(tags.filter((tag) => !tag.startsWith('@param '))).toEqual(examples);
  });
});
