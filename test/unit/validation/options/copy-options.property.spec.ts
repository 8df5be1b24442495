import vm from 'node:vm';
import fc from 'fast-check';
import { MODULE_TABLE } from '../../../../src/boot/options/module-option-tables.js';
import type { CorsProblem } from '../../../../src/validation/problems/problem.js';
import { copied } from '../validation.js';

type Form = 'value' | 'hidden value' | 'getter' | 'hidden getter' | 'throwing getter' | 'method';

interface Member {
  readonly name: string;
  readonly form: Form;
  readonly value: unknown;
}

const KNOWN = Object.keys(MODULE_TABLE.rules);
const OTHER = ['allowHeaders', 'orign', 'toJSON', 'constructor', '__proto__', '__esModule', '0'];

const member: fc.Arbitrary<Member> = fc.record({
  name: fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...KNOWN) }, fc.constantFrom(...OTHER)),
  form: fc.constantFrom<Form>('value', 'value', 'hidden value', 'getter', 'hidden getter', 'throwing getter', 'method'),
  value: fc.oneof(
    fc.constantFrom<unknown>(undefined, null, true, 'all', 600, 'https://app.example.com'),
    fc.array(fc.constantFrom('GET', 'https://app.example.com', undefined), { maxLength: 3 }),
    fc.constant({ partners: {} }),
  ),
});
const members = fc.uniqueArray(member, { maxLength: 5, selector: ({ name }) => name });
const roots: readonly (() => object | null)[] = [
  () => Object.prototype,
  () => null,
  () => vm.runInNewContext('Object.prototype') as object,
];

const reads = new Map<string, number>();

/** Defines a member as source text would. */
function define(object: object, { name, form, value }: Member, level: 'own' | 'inherited'): void {
  const enumerable = !form.startsWith('hidden');
  if (form.endsWith('getter')) {
    Object.defineProperty(object, name, {
      enumerable,
      configurable: true,
      get() {
        const key = `${level} ${name}`;
        reads.set(key, (reads.get(key) ?? 0) + 1);
        if (form === 'throwing getter') {
          throw new Error('no value');
        }
        return value;
      },
    });
  } else {
    const written = form === 'method' ? function method() {} : value;
    Object.defineProperty(object, name, { enumerable, configurable: true, writable: true, value: written });
  }
}

/** The expected result of reading: go through all names, and look where each one is. */
function expected(own: readonly Member[], prototypes: readonly (readonly Member[])[]) {
  const options: Record<string, unknown> = {};
  const problems: string[] = [];
  const listed = own.filter(({ name }) => name !== '__proto__' && name !== '__esModule');
  const hasMembers = prototypes.some((layer) => layer.some(({ name }) => name !== 'constructor'));
  const inherited = KNOWN.filter(
    (name) =>
      !own.some((one) => one.name === name) && prototypes.some((layer) => layer.some((one) => one.name === name)),
  );
  if (inherited.length > 0) {
    problems.push(`option-type with inherited options (${inherited.join(', ')})`);
  } else if (listed.length === 0 && hasMembers) {
    return { options, problems: ['option-type a plain object'] };
  }
  for (const { name, form, value } of listed) {
    const written = form === 'method' ? 'a method' : value;
    if (!KNOWN.includes(name)) {
      problems.push(`option-unknown ${name}`);
    } else if (form === 'throwing getter') {
      problems.push(`option-type ${name}`);
    } else if (written === undefined) {
      if (name === 'origin') {
        problems.push('origin-missing origin');
      }
    } else if (name === 'paths' && !Array.isArray(written)) {
      problems.push('option-type paths');
    } else {
      options[name] = written;
    }
  }
  return { options, problems: problems.sort() };
}

function summary({ code, property, message }: CorsProblem): string {
  if (property !== undefined) {
    return `${code} ${property}`;
  }
  return `${code} ${/with inherited options \(.*?\)/.exec(message)?.[0] ?? 'a plain object'}`;
}

it('copyOptions reads options as a slow model does, or reports them', () => {
  fc.assert(
    fc.property(members, fc.array(members, { maxLength: 3 }), fc.nat(2), (own, prototypes, root) => {
      let prototype = (roots[root] as () => object | null)();
      for (const layer of [...prototypes].reverse()) {
        prototype = Object.create(prototype) as object;
        for (const one of layer) {
          define(prototype, one, 'inherited');
        }
      }
      const written = Object.create(prototype) as object;
      for (const one of own) {
        define(written, one, 'own');
      }
      const before = JSON.stringify(Object.getOwnPropertyDescriptors(written));
      reads.clear();
      const { options, problems } = copied(written, MODULE_TABLE);
      const model = expected(own, prototypes);
      expect(problems.map(summary).sort()).toEqual(model.problems);
      const comparable = Object.entries(options).map(([name, value]) => [
        name,
        typeof value === 'function' ? 'a method' : value,
      ]);
      expect(Object.fromEntries(comparable)).toEqual(model.options);
      expect([...reads].filter(([key, count]) => count > 1 || key.startsWith('inherited'))).toEqual([]);
      expect(JSON.stringify(Object.getOwnPropertyDescriptors(written))).toBe(before);
    }),
    { numRuns: 2_000 },
  );
});
