import { routePath } from '../routing/applications/path-model.js';
import type {
  ApplicationPlan,
  CasePlan,
  ControllerPlan,
  DeclarationPlan,
  HandlerPlan,
  OriginPlan,
  PolicyPlan,
  RequestPlan,
} from './plan.js';

/** Prints a case as a small application with its requests. */
export function printCase({ application, requests }: CasePlan): string {
  const { platform, http2, router, prefix, modulePath, versioning, middleware, scopedInterceptor } = application;
  const facts = [
    `// ${platform}${http2 ? ', HTTP/2' : ''}${settings(router)}`,
    ...(prefix === undefined ? [] : [`app.setGlobalPrefix('${prefix}');`]),
    ...(versioning === undefined ? [] : [`app.enableVersioning(/* ${versioning} */);`]),
    ...(middleware === 'none' ? [] : [`app.use(/* ${middleware} */);`]),
    ...(scopedInterceptor ? ['// a request-scoped APP_INTERCEPTOR'] : []),
    ...(modulePath === undefined ? [] : [`// RouterModule: the controllers of Feature are below /${modulePath}`]),
  ];
  return [
    ...facts,
    `CorsModule.forRoot(${moduleText(application)})`,
    ...application.controllers.map((controller) => controllerText(controller, application)),
    ...requests.map(requestText),
  ].join('\n');
}

function settings(router: ApplicationPlan['router']): string {
  return Object.entries(router)
    .map(([name, value]) => `, ${name}: ${value}`)
    .join('');
}

function moduleText({ module, policies, paths }: ApplicationPlan): string {
  const parts = [
    ...optionTexts(module),
    ...(Object.keys(policies).length === 0
      ? []
      : [
          `policies: { ${Object.entries(policies)
            .map(([name, policy]) => `${name}: ${policyText(policy)}`)
            .join(', ')} }`,
        ]),
    ...(paths.length === 0
      ? []
      : [
          `paths: [${paths
            .map(
              ({ path, policy }) =>
                `{ path: '${path}', policy: ${typeof policy === 'object' ? policyText(policy) : JSON.stringify(policy)} }`,
            )
            .join(', ')}]`,
        ]),
  ];
  return `{ ${parts.join(', ')} }`;
}

function policyText(policy: PolicyPlan): string {
  return `{ ${optionTexts(policy).join(', ')} }`;
}

function optionTexts({ origin, ...rest }: PolicyPlan): string[] {
  return [
    ...(origin === undefined ? [] : [`origin: ${originText(origin)}`]),
    ...Object.entries(rest).map(([name, value]) => `${name}: ${JSON.stringify(value)}`),
  ];
}

function originText({ form, origins, pattern }: OriginPlan): string {
  switch (form) {
    case '*':
      return "'*'";
    case 'list':
      return JSON.stringify(origins);
    case 'pattern':
      return JSON.stringify([pattern, ...origins]);
    default:
      return `/* ${form} */ (origin) => ${JSON.stringify(origins)}.includes(origin)`;
  }
}

function controllerText(controller: ControllerPlan, { platform }: ApplicationPlan): string {
  const { name, inherits, host, version, scoped, inModule, handlers, declaration, baseDeclaration } = controller;
  const options = [
    `path: '${routePath(controller.path, platform, 'c')}'`,
    ...(host === undefined ? [] : [`host: '${host}'`]),
    ...(version === undefined ? [] : [`version: ${JSON.stringify(version)}`]),
    ...(scoped ? ['scope: Scope.REQUEST'] : []),
  ];
  const base =
    inherits === 'none'
      ? ''
      : ` extends /* ${inherits}${baseDeclaration ? ` with ${declarationText(baseDeclaration)}` : ''}: has the handlers */`;
  return [
    ...(inModule ? ['// in the module Feature'] : []),
    `@Controller({ ${options.join(', ')} })${declaration === undefined ? '' : ` ${declarationText(declaration)}`}`,
    `class ${name}${base} {`,
    ...handlers.map((handler) => `  ${handlerText(handler, platform)}`),
    '}',
  ].join('\n');
}

function handlerText(handler: HandlerPlan, platform: ApplicationPlan['platform']): string {
  const { name, method, path, version, tenant, declaration, foreign, answer, bound, guarded } = handler;
  const decorator = `${method.charAt(0)}${method.slice(1).toLowerCase()}`;
  const parts = [
    `@${decorator}('${routePath(path, platform, 'h')}')`,
    ...(version === undefined ? [] : [`@Version(${JSON.stringify(version)})`]),
    ...(tenant === undefined ? [] : [`@RouteConstraints({ tenant: '${tenant}' })`]),
    ...(guarded ? ['@UseGuards(KeyGuard)'] : []),
    ...(foreign === undefined ? [] : [`/* a decorator that ${foreign} */`]),
    ...(declaration === undefined ? [] : [declarationText(declaration)]),
    `${name}() {}`,
    ...(answer === 'text' ? [] : [`// answers: ${answer}`]),
    ...(bound ? ['// bound in the constructor'] : []),
  ];
  return parts.join(' ');
}

function declarationText(declaration: DeclarationPlan): string {
  if (declaration.kind !== 'cors') {
    return declaration.kind === 'disable' ? '@DisableCors()' : "@Cors('untouched')";
  }
  const { policy, options } = declaration;
  const values = [
    ...(policy === undefined ? [] : [`'${policy}'`]),
    ...(options === undefined ? [] : [policyText(options)]),
  ];
  return `@Cors(${values.join(', ')})`;
}

function requestText({
  method,
  target,
  host,
  version,
  tenant,
  origin,
  requestedHeaders,
  transport,
}: RequestPlan): string {
  const headers = [
    `Origin: ${origin}`,
    ...(host === undefined ? [] : [`Host: ${host}`]),
    ...(version === undefined ? [] : [`version ${version}`]),
    ...(tenant === undefined ? [] : [`tenant ${tenant}`]),
    ...(requestedHeaders.length === 0 ? [] : [`asks for ${requestedHeaders.join(', ')}`]),
  ];
  return `// ${method} ${target}  ${headers.join('; ')}${transport === 'kept alive' ? '' : `  (${transport})`}`;
}
