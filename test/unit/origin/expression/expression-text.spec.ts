import {
  readExpression,
  readExpressionText,
  restoreExpression,
} from '../../../../src/origin/expression/expression-text.js';

describe('readExpressionText', () => {
  it.each([
    ['/^https:\\/\\/app\\.example\\.com$/i', '^https:\\/\\/app\\.example\\.com$', 'i'],
    ['/example\\.com$/', 'example\\.com$', ''],
    ['/app.example.com/', 'app.example.com', ''],
    ['  /example\\.com$/  ', 'example\\.com$', ''],
    ['"^https://app.example.com$"', '^https://app.example.com$', ''],
    ['^https://.*\\.example\\.com$', '^https://.*\\.example\\.com$', ''],
    ['^https://.*.example.com$', '^https://.*.example.com$', ''],
    ['https://(app|admin)\\.example\\.com', 'https://(app|admin)\\.example\\.com', ''],
    ['.*\\.example\\.com', '.*\\.example\\.com', ''],
    ['.*.example.com', '.*.example.com', ''],
    ['.*', '.*', ''],
    ['https://.+example.com', 'https://.+example.com', ''],
    ['https?://app.example.com', 'https?://app.example.com', ''],
    ['http(s)?://app.example.com', 'http(s)?://app.example.com', ''],
    ['https://[a-z0-9-]+.example.com', 'https://[a-z0-9-]+.example.com', ''],
    ['https://app[.]example[.]com', 'https://app[.]example[.]com', ''],
    ['https://(?:www.)?example.com', 'https://(?:www.)?example.com', ''],
    ['https://app\\.example\\.com', 'https://app\\.example\\.com', ''],
    ['https://pr-\\d+.example.com', 'https://pr-\\d+.example.com', ''],
    ['https://pr-\\d{1,3}.example.com', 'https://pr-\\d{1,3}.example.com', ''],
    ['example.com$', 'example.com$', ''],
    ['^http://localhost', '^http://localhost', ''],
    ['http://localhost(:d+)?', 'http://localhost(:d+)?', ''],
    ['*.example\\.com', '*.example\\.com', ''],
    ['a.example.com|b.example.com', 'a.example.com|b.example.com', ''],
  ])('reads %s as an expression', (text, source, flags) => {
    expect(readExpressionText(text)).toEqual({ source, flags });
  });
});

describe('readExpressionText with an origin that has a mistake', () => {
  it.each([
    [''],
    [' '],
    ['*'],
    ['null'],
    ['https://app.example.com'],
    ['https://app.example.com.'],
    ['https://*.example.com/'],
    ['https://app.example.com/path?query=1#fragment'],
    ['https://app.example.com/?'],
    ['https://app.*.com'],
    ['https://app.example.*'],
    ['https://*.*.example.com'],
    ['https://*app.example.com'],
    ['*.example.com'],
    ['.example.com'],
    ['*://app.example.com'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a template that was left unfilled
    ['https://${HOST}'],
    ['https://$HOST/'],
    ['https:\\\\app.example.com'],
    ['https:\\\\dev.example.com'],
    ['https:\\/\\/app.example.com'],
    ['https://app.example.com\\'],
    ['http://[::1]'],
    ['http://[::1]?x'],
    ['[https://app.example.com]'],
    ['["https://my-app.example.com", "https://a-z.example.com"]'],
    ["'https://app.example.com'"],
    ['https://app.example.com (production)'],
    ['https://app.example.com:3000-3010'],
    ['10.0.0.0/8'],
    ['/api/'],
    ['//app.example.com/'],
    ['/'],
    ['git+ssh://app.example.com'],
    ['https://user:pass@app.example.com'],
    ['https://a.example,https://b.example'],
    ['{"origin":"https://app.example.com"}'],
    ['a'.repeat(5000)],
    [`^${'a'.repeat(5000)}$`],
  ])('does not read %j as an expression', (text) => {
    expect(readExpressionText(text)).toBeUndefined();
  });
});

describe('restoreExpression', () => {
  it.each([
    ['^https://pr-d+.example.com$', '^https:\\/\\/pr-\\d+.example.com$'],
    ['^http://localhost(:d{1,5})?$', '^http:\\/\\/localhost(:\\d{1,5})?$'],
    ['^https://w+.example.com$', '^https:\\/\\/\\w+.example.com$'],
    ['*.example\\.com', '.*.example\\.com'],
    ['https://*\\.example\\.com', 'https:\\/\\/.*\\.example\\.com'],
    // With backslashes, or inside a name, it means what it says.
    ['^https://d+\\.example\\.com$', '^https:\\/\\/d+\\.example\\.com$'],
    ['^https://add+.example.com$', '^https:\\/\\/add+.example.com$'],
  ])('restores %s', (source, expected) => {
    expect(restoreExpression({ source, flags: '' })?.source).toBe(expected);
  });

  it('returns undefined for an invalid expression', () => {
    expect(restoreExpression({ source: '(a', flags: '' })).toBeUndefined();
    expect(restoreExpression({ source: 'a', flags: 'ii' })).toBeUndefined();
  });
});

it('readExpression reads an expression even if its subclass overrides source and flags', () => {
  class Lax extends RegExp {
    override get source(): string {
      return '.*';
    }
    override get flags(): string {
      throw new Error('asked');
    }
  }
  expect(readExpression(new Lax('^a$', 'i'))).toEqual({ source: '^a$', flags: 'i' });
});
