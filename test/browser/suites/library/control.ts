import type { BuiltApplication } from '../../../attack/application/build.js';
import {
  type ApplicationPlan,
  CUSTOM_HEADER,
  hidesCandidates,
  VERSION_HEADER,
  VERSIONS,
} from '../../../attack/plan.js';
import { RawConnection, type RawRequest } from '../../../support/requests/raw-request.js';
import { versionHeader } from './draw/draw-case.js';
import type { ControlFacts, ControlReply, DrawnRequest, LibraryCase } from './library-case.js';
import { headersSent, needsPreflight, unsafeNames } from './model/browser-model.js';

/** Sends the requests of pages to an application without the module, without Origin. It sees which handlers run. */
export class Control {
  readonly #plan: ApplicationPlan;
  readonly #application: BuiltApplication;
  #connection: RawConnection | undefined;

  constructor(plan: ApplicationPlan, application: BuiltApplication) {
    this.#plan = plan;
    this.#application = application;
  }

  /** @param host of the application with the module, because routes may depend on it */
  async ask({ number, path }: LibraryCase, request: DrawnRequest, host: string): Promise<ControlFacts> {
    const { method, body } = request;
    const url = `${path}?row=${number}`;
    const sent = { Host: host, accept: '*/*', ...headersSent(request) };
    const { 'content-type': _, ...withoutBody } = sent as Record<string, string>;
    const names = unsafeNames(request);
    const asked = {
      'Access-Control-Request-Method': method,
      ...(names.length > 0 && { 'Access-Control-Request-Headers': names.join(',') }),
    };
    const preflight = needsPreflight(request)
      ? await this.#send(number, { method: 'OPTIONS', path: url, headers: { Host: host, accept: '*/*', ...asked } })
      : undefined;
    const actual = await this.#send(number, { method, path: url, headers: sent, ...(body && { body }) });
    // A body parser may stop a request on its way to the handler.
    const { reached } = body ? await this.#send(number, { method, path: url, headers: withoutBody }) : actual;
    const candidates = reached === undefined ? [] : [reached];
    for (const version of this.#hiddenVersions(names)) {
      const { [VERSION_HEADER]: _header, [CUSTOM_HEADER]: _custom, ...unversioned } = withoutBody;
      const told = version === undefined ? {} : versionHeader(this.#plan.versioning, version);
      const headers = { ...unversioned, ...told };
      const { reached: candidate } = await this.#send(number, { method, path: url, headers });
      if (candidate !== undefined) {
        candidates.push(candidate);
      }
    }
    return { preflight, actual, reached, candidates };
  }

  close(): Promise<void> {
    this.#disconnect();
    return this.#application.running.close();
  }

  #disconnect(): void {
    this.#connection?.close();
    this.#connection = undefined;
  }

  async #send(number: string, request: RawRequest): Promise<ControlReply> {
    this.#connection ??= await RawConnection.open(this.#application.running);
    this.#connection.send(request);
    const { status, headerLines, text } = await this.#connection.receive();
    const lines = headerLines.map(([name, value]) => [name.toLowerCase(), value] as const);
    if (lines.some(([name, value]) => name === 'connection' && value === 'close')) {
      this.#disconnect();
    }
    return { status, body: text, headers: {}, lines, ...this.#application.runs.take(number) };
  }

  /** The versions that a request can have and its preflight does not tell. */
  #hiddenVersions(names: readonly string[]): readonly (string | undefined)[] {
    const { versioning } = this.#plan;
    // Without the name of the header in the preflight, the request has no version.
    const isTold = versioning === 'header' && !names.includes(VERSION_HEADER);
    return hidesCandidates(this.#plan) && !isTold ? VERSIONS : [];
  }
}
