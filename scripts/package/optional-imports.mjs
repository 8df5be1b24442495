/** Packages of which an application may have only one, and the class of each that an adapter extends. */
const OPTIONAL = { '@nestjs/platform-socket.io': 'IoAdapter', '@nestjs/platform-ws': 'WsAdapter' };

/**
 * Replaces the class of a package that is not installed. Every other error stays an error: so would a missing package
 * that this one needs. Yarn Plug'n'Play has a message of its own.
 */
const MISSING_CLASS = `
function missingClass(error, name) {
	const notFound = [\`'\${name}'\`, \`Required package: \${name}\`].some((text) => error?.message?.includes(text));
	if (!notFound || !/^(?:ERR_)?MODULE_NOT_FOUND$/.test(error.code)) throw error;
	return class {
		constructor() {
			throw new Error(\`\${new.target.name} needs the package \${name}, which is not installed. Run: npm install @nestjs/websockets \${name}\`, { cause: error });
		}
	};
}
`;

/**
 * Makes a script load without the optional packages. An adapter whose package is missing throws when it is constructed.
 * The imports are directly inside `try`, because bundlers then accept that a package is missing.
 *
 * @param {string} code
 * @returns {string}
 */
export function tolerateMissing(code) {
  let tolerant = code;
  for (const [name, base] of Object.entries(OPTIONAL)) {
    const load = (loaded) =>
      `let ${base};\ntry { ({ ${base} } = ${loaded}("${name}")); } catch (error) { ${base} = missingClass(error, "${name}"); }`;
    const variable = new RegExp(`^let (\\w+) = require\\("${name}"\\);$`, 'm').exec(tolerant)?.[1];
    tolerant = tolerant
      .replace(`import { ${base} } from "${name}";`, load('await import'))
      .replace(`let ${variable} = require("${name}");`, load('require'))
      .replaceAll(`${variable}.${base}`, base);
  }
  return tolerant === code ? code : `${tolerant}${MISSING_CLASS}`;
}

/**
 * The same for declarations: the class of a missing package is `any`.
 *
 * @param {string} text
 * @returns {string}
 */
export function ignoreMissingTypes(text) {
  return text.replace(/^(?=import .* from '@nestjs\/platform-(?:socket\.io|ws)';$)/gm, '// @ts-ignore\n');
}
