import { pathToRegexp } from 'path-to-regexp';
import { answersMethod } from '../../src/routes/route-entry.js';
import { PLATFORMS, type Platform } from '../support/platforms.js';
import { describeRouting, type WrongLookup } from './describe-routing.js';

/** Takes the first match in the order of registration, as Express would. */
const expressOrder: WrongLookup = ({ method, url }, entries) =>
  entries.find(({ method: own, path }) => {
    const pattern = path
      .replace(/\*$/, '*rest')
      .replace(/\/(:\w+)\?$/, '{/$1}')
      .replace(/\(.*?\)/g, '');
    return answersMethod(own, method) && pathToRegexp(pattern).regexp.test(url.split('?')[0] ?? '');
  });

describeRouting(
  PLATFORMS.find(({ name }) => name === 'fastify') as Platform,
  [
    { title: 'as Nest sets it up' },
    { title: 'hosts', hosts: true },
    { title: 'ignoreTrailingSlash', settings: { ignoreTrailingSlash: true } },
    { title: 'ignoreDuplicateSlashes', settings: { ignoreDuplicateSlashes: true } },
    { title: 'caseSensitive: false', settings: { caseSensitive: false } },
    { title: 'useSemicolonDelimiter', settings: { useSemicolonDelimiter: true } },
    { title: 'maxParamLength', settings: { maxParamLength: 500 } },
    {
      title: 'everything loose',
      settings: {
        ignoreTrailingSlash: true,
        ignoreDuplicateSlashes: true,
        caseSensitive: false,
        useSemicolonDelimiter: true,
        maxParamLength: 8,
      },
    },
    { title: 'global prefix with exclusions', prefix: true },
    { title: 'RouterModule', routerModule: 'static' },
    { title: 'RouterModule with a parameter and a prefix', routerModule: 'parameter', prefix: true },
    { title: 'URI versions', versioning: 'uri' },
    { title: 'URI versions with prefix and default', versioning: 'uri', prefix: true, defaultVersion: '1' },
    { title: 'header versions', versioning: 'header' },
    { title: 'header versions with a default', versioning: 'header', defaultVersion: '2', hosts: true },
    { title: 'media-type versions', versioning: 'media-type' },
    { title: 'custom versions', versioning: 'custom', prefix: true },
    { title: 'specificity', specificity: true },
    { title: 'a compiled router', settings: { compile: true }, hosts: true },
    {
      title: 'hosts and parameters that are soon too long',
      hosts: true,
      covered: true,
      settings: { maxParamLength: 4 },
    },
    { title: 'Accept-Version', versioning: 'header', versionHeader: 'Accept-Version' },
    { title: 'untouched handlers', untouched: true },
    {
      title: 'untouched handlers beside others for OPTIONS',
      untouched: true,
      covered: true,
      hosts: true,
      settings: { maxParamLength: 8 },
    },
    { title: 'constraints', constraints: ['tenant', 'region'] },
    { title: 'constraints and hosts', constraints: ['tenant'], hosts: true, settings: { compile: true } },
    { title: 'constraints and header versions', constraints: ['tenant'], versioning: 'header' },
  ],
  expressOrder,
);
