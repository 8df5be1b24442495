import type { PlacedDeclaration, PolicyDeclaration } from '../policy/merge.js';
import type { CorsProblem } from '../policy/problem.js';
import { UNTOUCHED_POLICY } from '../policy/reserved-policy.js';
import { type OptionsSnapshot, snapshotOptions } from '../policy/validate/snapshot-options.js';
import { classChain, declarationsOfClass, declarationsOfHandler, type WrittenDeclaration } from './declarations.js';

/** Reads the declarations of classes and handlers, each once however many routes they are for. */
export class RouteDeclarations {
  readonly #read = new Map<object, PlacedDeclaration>();
  readonly #chains = new Map<object, readonly PlacedDeclaration[]>();
  /** Of options objects without a mistake: handlers that are given one constant share what was read of it. */
  readonly #snapshots = new Map<unknown, OptionsSnapshot>();

  constructor(private readonly problems: CorsProblem[]) {}

  /** The declarations of a controller and of the classes it extends, the outermost base first. */
  ofClass(controller: object): readonly PlacedDeclaration[] {
    let chain = this.#chains.get(controller);
    if (chain === undefined) {
      chain = classChain(controller).flatMap(
        (one) => this.#of(one, declarationsOfClass, () => (one as { readonly name: string }).name) ?? [],
      );
      this.#chains.set(controller, chain);
    }
    return chain;
  }

  /** The declaration of a handler, named after the class that has it. */
  ofHandler(controller: object, name: string, handler: object): PlacedDeclaration | undefined {
    return this.#of(handler, declarationsOfHandler, () => `${ownerOf(controller, name).name}.${name}`);
  }

  #of(
    target: object,
    declarationsOf: (target: object) => readonly WrittenDeclaration[],
    label: () => string,
  ): PlacedDeclaration | undefined {
    let placed = this.#read.get(target);
    if (placed !== undefined) {
      return placed;
    }
    const written = declarationsOf(target);
    const last = written.at(-1);
    if (last !== undefined) {
      const place = label();
      if (written.length > 1) {
        const names = written.map(({ kind }) => (kind === 'cors' ? '@Cors()' : '@DisableCors()'));
        this.problems.push({
          code: 'decorator-conflict',
          targets: [place],
          message: `${names.join(' and ')} stand on the same target, and only one can be meant.`,
          remedy:
            'Keep one: @DisableCors() for no cross-origin access, or a single @Cors({ ... }) with all its options.',
        });
      }
      placed = { target: place, declaration: this.#declaration(last, place) };
      this.#read.set(target, placed);
    }
    return placed;
  }

  #declaration(written: WrittenDeclaration, place: string): PolicyDeclaration {
    if (written.kind === 'disabled') {
      return { kind: 'disabled' };
    }
    const { policy, options } = written;
    if (policy !== UNTOUCHED_POLICY) {
      return { kind: 'cors', policy, options: this.#snapshot(options, place) };
    }
    if (options !== undefined) {
      this.problems.push({
        code: 'policy-reserved',
        targets: [place],
        value: options,
        message: `\`@Cors('untouched', ...)\` has options, but an untouched route has no policy that they could change: nestjs-cors adds and removes nothing there.`,
        remedy: "Write `@Cors('untouched')` to leave the route alone, or `@Cors({ ... })` with these options.",
      });
    }
    return { kind: 'untouched' };
  }

  #snapshot(options: unknown, place: string): OptionsSnapshot {
    let snapshot = this.#snapshots.get(options);
    if (snapshot === undefined) {
      const before = this.problems.length;
      snapshot = snapshotOptions(options, place, this.problems);
      if (this.problems.length === before) {
        this.#snapshots.set(options, snapshot);
      }
    }
    return snapshot;
  }
}

/** The class in a controller's chain that defines a method. */
function ownerOf(controller: object, name: string): { readonly name: string } {
  for (let owner: object | null = controller; typeof owner === 'function'; owner = Object.getPrototypeOf(owner)) {
    if (Object.hasOwn(owner.prototype ?? {}, name)) {
      return owner as { readonly name: string };
    }
  }
  return controller as { readonly name: string };
}
