import { RequestMethod, Scope, VERSION_NEUTRAL, VersioningType } from '@nestjs/common';
import { HttpAdapterHost, MetadataScanner } from '@nestjs/core';
import { RoutePathFactory } from '@nestjs/core/router/route-path-factory.js';
import type { NestValues } from '../boot/nest-values.js';

export const NEST_VALUES: NestValues = Object.freeze({
  HttpAdapterHost,
  MetadataScanner,
  RequestMethod,
  RoutePathFactory,
  Scope,
  VERSION_NEUTRAL,
  VersioningType,
});
