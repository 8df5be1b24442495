import {
  carriedByClass,
  carriedByMethod,
  classChain,
  isWrittenOn,
  prototypeChain,
  prototypeOf,
  type WrittenDeclaration,
  writtenOn,
} from '../../metadata/cors-metadata.accessor.js';
import type { Interner } from '../../policy/interner.js';
import type { PlacedDeclaration, PolicyDeclaration } from '../../policy/merge.js';
import { UNTOUCHED_POLICY } from '../../policy/policy-options.js';
import type { BootFindings } from '../boot-findings.js';
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

/** The handler of a route: a method, and the prototype that Nest finds it on. */
export interface HandlerPlace {
  readonly controller: { readonly name: string };
  readonly prototype: object;
  readonly handlerName: string;
  readonly handler: object;
}

/** What is written on the methods that a prototype has or inherits, by their names. */
interface NamedDeclarations {
  readonly applying: ReadonlyMap<Name, Declarations>;
  /** On methods that others of the same name override. */
  readonly overridden: ReadonlyMap<Name, Declarations>;
}

/** Reads the declarations of classes and handlers, each once however many routes they are for. */
export class RouteDeclarations {
  /** Every declaration that was read for a class or a handler: it reaches a route. */
  readonly reached = new Set<WrittenDeclaration>();
  readonly #read = new Map<Declarations, PlacedDeclaration>();
  readonly #chains = new Map<object, readonly PlacedDeclaration[]>();
  /** By prototype, the declarations written on it: of the class by `undefined`, of methods by their names. */
  readonly #written = new Map<object, ReadonlyMap<Name, Declarations>>();
  readonly #named = new Map<object, NamedDeclarations>();
  readonly #overriding = new Set<object>();
  readonly #options: DecoratorOptions;
  readonly #findings: BootFindings;

  constructor(interner: Interner, findings: BootFindings) {
    this.#findings = findings;
    this.#options = new DecoratorOptions(interner, findings.problems);
  }

  /** The declarations of a controller and of the classes it extends, the outermost base first. */
  ofClass(controller: object): readonly PlacedDeclaration[] {
    let chain = this.#chains.get(controller);
    if (chain === undefined) {
      chain = this.#classDeclarations(controller);
      this.#chains.set(controller, chain);
    }
    return chain;
  }

  /** The declaration of a handler, named after the class that has it. */
  ofHandler({ controller, prototype, handlerName, handler }: HandlerPlace): PlacedDeclaration | undefined {
    const named = this.#namedOn(prototype);
    const written = named.applying.get(handlerName);
    const known = written && this.#read.get(written);
    if (known !== undefined) {
      return known;
    }
    const label = () => `${ownerOf(controller, prototype, handlerName)}.${handlerName}`;
    const declared = this.#declared(written, carriedByMethod(handler), handler, label);
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
    // A function that another decorator put in the place of a class may share no more with it than the prototype.
    for (const prototype of prototypeChain(prototypeOf(controller)).reverse()) {
      const known = classes.find((one) => prototypeOf(one) === prototype) as NamedClass | undefined;
      const written = this.#writtenOn(prototype).get(undefined);
      const carrier = known ?? (prototype.constructor as NamedClass);
      const declared = this.#declared(written, known ? carriedByClass(known) : [], carrier, () => carrier.name);
      if (declared !== undefined) {
        found.push(declared);
      }
    }
    return found;
  }

  /** One declaration out of what is written at a place and what its class or method carries. */
  #declared(
    written: Declarations | undefined,
    carried: Declarations,
    carrier: object,
    label: () => string,
  ): PlacedDeclaration | undefined {
    const declarations = written ?? carried;
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
        this.#compare(last, carried, carrier, place);
      }
      this.#reach(declarations);
      this.#reach(carried);
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

  #compare(written: WrittenDeclaration, carried: Declarations, carrier: object, place: string): void {
    if (carried.length === 1 && carried[0] === written) {
      return;
    }
    if (carried.length === 0) {
      this.#findings.warnings.push(shadowedDecorator(place, written));
      return;
    }
    // A function that is a method of several classes carries what is written on each of them.
    const copy = carried.find((one) => one !== written && !isWrittenOn(one, carrier));
    if (copy !== undefined || !carried.includes(written)) {
      this.#findings.problems.push(conflictingCopies(place, written, copy ?? (carried[0] as WrittenDeclaration)));
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
      written = byName(writtenOn(owner));
      this.#written.set(owner, written);
    }
    return written;
  }
}

/** The declarations of a class and of its methods. What stands elsewhere is a mistake that is reported elsewhere. */
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

/** The name of the class in a controller's chain that defines a method. */
function ownerOf(controller: { readonly name: string }, prototype: object, name: string): string {
  const owner = prototypeChain(prototype).find((one) => Object.hasOwn(one, name));
  return owner === undefined || owner === prototype ? controller.name : owner.constructor.name;
}
