import type { Interner } from '../../policy/interner.js';
import type { PlacedDeclaration, PolicyDeclaration } from '../../policy/merge.js';
import { UNTOUCHED_POLICY } from '../../policy/policy-options.js';
import type { BootFindings } from '../boot-findings.js';
import {
  classDeclarations,
  declarationsAt,
  isWrittenOn,
  methodDeclarations,
  type WrittenDeclaration,
} from '../metadata/cors-metadata.accessor.js';
import { classChain, prototypeChain, prototypeOf } from '../metadata/prototype-chain.js';
import {
  conflictingCopies,
  conflictingDecorators,
  missingPolicyName,
  optionsOfUntouched,
  overriddenDecorator,
  shadowedDecorator,
} from './decorator-mistakes.js';
import { DecoratorOptions } from './decorator-options.js';

type Declarations = readonly WrittenDeclaration[];
type Name = string | undefined;
type NamedClass = object & { readonly name: string };

/** The handler of a route: a method, and the prototype on which Nest finds it. */
interface HandlerPlace {
  readonly controller: { readonly name: string };
  readonly prototype: object;
  readonly handlerName: string;
  readonly handler: object;
}

/** The declarations on the methods that a prototype has or inherits, by name. */
interface NamedDeclarations {
  readonly applying: ReadonlyMap<Name, Declarations>;
  /** On methods that a nearer method of the same name overrides. */
  readonly overridden: ReadonlyMap<Name, Declarations>;
}

/** Reads the declarations of classes and handlers, each once for all of its routes. */
export class RouteDeclarations {
  /** The declarations that apply to a route. */
  readonly reached = new Set<WrittenDeclaration>();
  readonly #read = new Map<Declarations, PlacedDeclaration>();
  readonly #chains = new Map<object, readonly PlacedDeclaration[]>();
  /** The declarations on each prototype: on the class under `undefined`, on methods under their names. */
  readonly #written = new Map<object, ReadonlyMap<Name, Declarations>>();
  readonly #named = new Map<object, NamedDeclarations>();
  readonly #overriding = new Set<object>();
  readonly #options: DecoratorOptions;
  readonly #findings: BootFindings;

  constructor(interner: Interner, findings: BootFindings) {
    this.#findings = findings;
    this.#options = new DecoratorOptions(interner, findings.problems);
  }

  /** The declarations of a controller and of the classes that it extends, the outermost base class first. */
  ofClass(controller: object): readonly PlacedDeclaration[] {
    let chain = this.#chains.get(controller);
    if (chain === undefined) {
      chain = this.#classDeclarations(controller);
      this.#chains.set(controller, chain);
    }
    return chain;
  }

  /** The declaration of a handler. Its target names the class that defines the handler. */
  ofHandler({ controller, prototype, handlerName, handler }: HandlerPlace): PlacedDeclaration | undefined {
    const named = this.#namedOn(prototype);
    const written = named.applying.get(handlerName);
    const known = written && this.#read.get(written);
    if (known !== undefined) {
      return known;
    }
    const label = () => `${ownerOf(controller, prototype, handlerName)}.${handlerName}`;
    const declared = this.#declared(written, methodDeclarations(handler), handler, label);
    const overridden = declared === undefined ? named.overridden.get(handlerName)?.at(-1) : undefined;
    if (overridden !== undefined && !this.#overriding.has(handler)) {
      this.#overriding.add(handler);
      this.#findings.warnings.push(overriddenDecorator(label(), overridden));
    }
    return declared;
  }

  #classDeclarations(controller: object): PlacedDeclaration[] {
    const classes = classChain(controller);
    const found: PlacedDeclaration[] = [];
    // If another decorator replaced a class by a function, the two may share nothing but the prototype.
    for (const prototype of prototypeChain(prototypeOf(controller)).reverse()) {
      const known = classes.find((one) => prototypeOf(one) === prototype) as NamedClass | undefined;
      const written = this.#writtenOn(prototype).get(undefined);
      const holder = known ?? (prototype.constructor as NamedClass);
      const declared = this.#declared(written, known ? classDeclarations(known) : [], holder, () => holder.name);
      if (declared !== undefined) {
        found.push(declared);
      }
    }
    return found;
  }

  /**
   * The declaration that applies at a place. Declarations that are written there win over those in the metadata,
   * because other decorators copy metadata.
   */
  #declared(
    written: Declarations | undefined,
    inMetadata: Declarations,
    holder: object,
    label: () => string,
  ): PlacedDeclaration | undefined {
    const declarations = written ?? inMetadata;
    const last = declarations.at(-1);
    if (last === undefined) {
      return undefined;
    }
    let placed = this.#read.get(declarations);
    if (placed === undefined) {
      const place = label();
      if (declarations.length > 1) {
        this.#findings.problems.push(conflictingDecorators(place, declarations));
      } else if (written !== undefined) {
        this.#compare(last, inMetadata, holder, place);
      }
      this.#reach(declarations);
      this.#reach(inMetadata);
      placed = { target: place, declaration: this.#declaration(last, place) };
      this.#read.set(declarations, placed);
    }
    return placed;
  }

  #reach(declarations: Declarations): void {
    for (const declaration of declarations) {
      this.reached.add(declaration);
    }
  }

  #compare(written: WrittenDeclaration, inMetadata: Declarations, holder: object, place: string): void {
    if (inMetadata.length === 1 && inMetadata[0] === written) {
      return;
    }
    if (inMetadata.length === 0) {
      this.#findings.warnings.push(shadowedDecorator(place, written));
      return;
    }
    // The metadata of a function that is a method of several classes has the declarations of each of them.
    const copy = inMetadata.find((one) => one !== written && !isWrittenOn(one, holder));
    if (copy !== undefined || !inMetadata.includes(written)) {
      this.#findings.problems.push(conflictingCopies(place, written, copy ?? (inMetadata[0] as WrittenDeclaration)));
    }
  }

  #declaration(written: WrittenDeclaration, place: string): PolicyDeclaration {
    if (written.kind === 'disabled') {
      return { kind: 'disabled' };
    }
    const { options } = written;
    if (!('policy' in written)) {
      return { kind: 'cors', options: this.#options.read(options, place) };
    }
    const { policy } = written;
    if (typeof policy !== 'string' || policy === '') {
      this.#findings.problems.push(missingPolicyName(place, policy, options));
      return { kind: 'disabled' };
    }
    if (policy !== UNTOUCHED_POLICY) {
      return { kind: 'cors', policy, options: this.#options.read(options, place) };
    }
    if (options !== undefined) {
      this.#findings.problems.push(optionsOfUntouched(place, options));
    }
    return { kind: 'untouched' };
  }

  #namedOn(prototype: object): NamedDeclarations {
    let named = this.#named.get(prototype);
    if (named === undefined) {
      named = this.#findNamed(prototype);
      this.#named.set(prototype, named);
    }
    return named;
  }

  #findNamed(prototype: object): NamedDeclarations {
    const applying = new Map<Name, Declarations>();
    const overridden = new Map<Name, Declarations>();
    const nearer: object[] = [];
    for (const owner of prototypeChain(prototype)) {
      for (const [name, declarations] of this.#writtenOn(owner)) {
        if (name !== undefined && Object.hasOwn(owner, name)) {
          const found = nearer.some((one) => Object.hasOwn(one, name)) ? overridden : applying;
          found.set(name, found.get(name) ?? declarations);
        }
      }
      nearer.push(owner);
    }
    return { applying, overridden };
  }

  #writtenOn(owner: object): ReadonlyMap<Name, Declarations> {
    let written = this.#written.get(owner);
    if (written === undefined) {
      written = byName(declarationsAt(owner));
      this.#written.set(owner, written);
    }
    return written;
  }
}

/** The declarations on a class and on its methods. `misplacedDecorators` reports all others. */
function byName(written: Declarations): ReadonlyMap<Name, Declarations> {
  const found = new Map<Name, WrittenDeclaration[]>();
  for (const declaration of written) {
    const { name, on } = declaration;
    if (on === 'class' || (on === 'method' && typeof name === 'string')) {
      const list = found.get(name as Name);
      if (list === undefined) {
        found.set(name as Name, [declaration]);
      } else {
        list.push(declaration);
      }
    }
  }
  return found;
}

/** The name of the class that defines a method, in the chain of a controller. */
function ownerOf(controller: { readonly name: string }, prototype: object, name: string): string {
  const owner = prototypeChain(prototype).find((one) => Object.hasOwn(one, name));
  return owner === undefined || owner === prototype ? controller.name : owner.constructor.name;
}
