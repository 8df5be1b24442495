import { answersMethod } from '../../src/routes/route-entry.js';
import { PLATFORMS, type Platform } from '../support/platforms.js';
import { describeRouting, type WrongLookup } from './describe-routing.js';

/** Compares segments as text, as a list of paths in a configuration file would. */
const textualLookup: WrongLookup = ({ method, url }, entries) => {
  const segments = (url.split('?')[0] ?? '').split('/');
  return entries.find(({ method: own, path }) => {
    const pattern = path.split('/');
    return (
      answersMethod(own, method) &&
      pattern.length === segments.length &&
      pattern.every((text, index) => text.startsWith(':') || text === segments[index])
    );
  });
};

describeRouting(
  PLATFORMS.find(({ name }) => name === 'express') as Platform,
  [
    { title: 'as Nest sets it up' },
    { title: 'hosts', hosts: true },
    { title: 'strict routing', settings: { 'strict routing': true } },
    { title: 'case sensitive routing', settings: { 'case sensitive routing': true } },
    { title: 'strict and case sensitive', settings: { 'strict routing': true, 'case sensitive routing': true } },
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
    { title: 'untouched handlers', untouched: true },
    { title: 'untouched handlers beside others for OPTIONS', untouched: true, covered: true, hosts: true },
    { title: 'specificity, hosts and header versions', specificity: true, versioning: 'header', hosts: true },
  ],
  textualLookup,
);
