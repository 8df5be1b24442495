import { PLATFORMS, type Platform } from '../../support/platforms.js';
import { describeExplanations } from './describe-explanations.js';

describeExplanations(PLATFORMS.find(({ name }) => name === 'fastify') as Platform, [
  { title: 'as Nest sets it up' },
  { title: 'hosts', hosts: true },
  { title: 'ignoreTrailingSlash', settings: { ignoreTrailingSlash: true } },
  { title: 'caseSensitive: false', settings: { caseSensitive: false } },
  { title: 'URI versions with prefix and default', versioning: 'uri', prefix: true, defaultVersion: '1' },
  { title: 'header versions', versioning: 'header' },
  { title: 'custom versions', versioning: 'custom', prefix: true },
  { title: 'Accept-Version', versioning: 'header', versionHeader: 'Accept-Version' },
  { title: 'constraints', constraints: ['tenant', 'region'] },
  { title: 'constraints and header versions', constraints: ['tenant'], versioning: 'header' },
  { title: 'untouched handlers beside others for OPTIONS', untouched: true, covered: true, hosts: true },
]);
