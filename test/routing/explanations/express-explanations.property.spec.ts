import { PLATFORMS, type Platform } from '../../support/platforms.js';
import { describeExplanations } from './describe-explanations.js';

describeExplanations(PLATFORMS.find(({ name }) => name === 'express') as Platform, [
  { title: 'as Nest sets it up' },
  { title: 'hosts', hosts: true },
  { title: 'strict and case sensitive', settings: { 'strict routing': true, 'case sensitive routing': true } },
  { title: 'URI versions with prefix and default', versioning: 'uri', prefix: true, defaultVersion: '1' },
  { title: 'header versions', versioning: 'header' },
  { title: 'media-type versions', versioning: 'media-type' },
  { title: 'custom versions', versioning: 'custom', prefix: true },
  { title: 'RouterModule with a parameter and a prefix', routerModule: 'parameter', prefix: true },
  { title: 'specificity, hosts and header versions', specificity: true, versioning: 'header', hosts: true },
  { title: 'untouched handlers beside others for OPTIONS', untouched: true, covered: true, hosts: true },
]);
