import { describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { openPage, type PageOptions } from 'nestjs-cors/testing';

const BASE = 'http://localhost:3000';
const APP = 'https://app.example.com';

describe('openPage', () => {
  it.each<[string, unknown]>([
    ["'https://api.example.com'", 'https://api.example.com'],
    ["'http://192.0.2.1:3000'", 'http://192.0.2.1:3000'],
    ["'http://localhost.example.com'", 'http://localhost.example.com'],
    ["'ftp://localhost'", 'ftp://localhost'],
    ["'localhost:3000'", 'localhost:3000'],
    ["'/orders'", '/orders'],
    ["''", ''],
  ])('refuses the base URL %s', (quoted, app) => {
    expect(() => openPage(app as string, APP)).toThrow(
      new TypeError(
        `openPage(): the application is ${quoted}. Write an application, or a base URL on this machine: 'http://localhost:3000'.`,
      ),
    );
  });

  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['3000', 3000],
    ['{}', {}],
    ['a Promise', Promise.resolve()],
  ])('refuses %s instead of an application', (_name, app) => {
    expect(() => openPage(app as INestApplication, APP)).toThrow(
      /^openPage\(\): the application is .+\. Write a Nest application with HTTP, or a base URL\.$/,
    );
  });

  it.each<[string, string]>([
    ['https://app.example.com/', 'https://app.example.com'],
    ['https://app.example.com/orders?a=1', 'https://app.example.com'],
    ['https://APP.example.com', 'https://app.example.com'],
    ['HTTPS://app.example.com', 'https://app.example.com'],
    ['https://app.example.com:443', 'https://app.example.com'],
    ['http://app.example.com:080', 'http://app.example.com'],
    ['https://user@app.example.com', 'https://app.example.com'],
    ['https://bücher.example', 'https://xn--bcher-kva.example'],
    [' https://app.example.com', 'https://app.example.com'],
  ])('refuses the origin %j and names the one that browsers send', (origin, sent) => {
    expect(() => openPage(BASE, origin)).toThrow(
      new TypeError(`openPage(): \`origin\` is ${quoted(origin)}. Write '${sent}', as browsers send it.`),
    );
  });

  it.each<[unknown]>([
    ['app.example.com'],
    ['localhost:3000'],
    ['*'],
    [''],
    ['https://*.example.com'],
    ['file:///index.html'],
    ['capacitor://localhost/'],
    ['https://'],
    [undefined],
    [null],
    [7],
    [/example/],
  ])('refuses the origin %p', (origin) => {
    expect(() => openPage(BASE, origin as string)).toThrow(/^openPage\(\): `origin` is .+\. Write .+\.$/);
  });

  it.each<[unknown]>([['api.example.com'], ['/orders'], ['ftp://api.example.com'], [''], [7], [null]])(
    'refuses the address %p',
    (address) => {
      expect(() => openPage(BASE, APP, { address } as PageOptions)).toThrow(
        /^openPage\(\): `address` is .+\. Write the public URL of the application, for example 'https:\/\/api\.example\.com'\.$/,
      );
    },
  );

  it.each<[string, string, PageOptions | undefined]>([
    [BASE, APP, undefined],
    ['https://127.0.0.1', 'null', {}],
    ['http://[::1]:3000/', 'http://localhost:4200', { address: undefined }],
    ['http://api.localhost:3000', 'capacitor://localhost', { address: 'http://api.localhost:3000' }],
    [BASE, 'chrome-extension://abcdefghijklmnop', { address: 'https://api.example.com:8443/v1/' }],
    [BASE, 'https://xn--bcher-kva.example:8080', { address: 'https://api.example.com' }],
  ])('accepts %s for the page %s', (app, origin, options) => {
    expect(openPage(app, origin, options).origin).toBe(origin);
  });
});

function quoted(text: string): string {
  return `'${text.replace(/[^ -~]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)}'`;
}
