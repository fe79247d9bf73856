// main.ts -> stacks -> modules -> cdktf + provider; contracts alone cross between layers; apps know no infrastructure;
// only scripts use local, and nothing uses scripts; both enter packages by name.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { visitImports } from '../imports.mjs';
import { isInfrastructure, placeOfFile, placeOfImport } from '../places.mjs';

/** `scripts` as a part of a path, or a path that begins there; imports are judged by what they reach. */
const PATH_OF_SCRIPTS = /^(\.\/)?scripts(\/\S*)?$/;

const withoutExtension = (entry) => entry.replace(/\.(ts|js|mts|cts)$/, '');

/**
 * Whether a module builds on the Terraform libraries, by what it and the modules below it declare. An optional peer
 * serves the main entry alone.
 */
function buildsOnInfrastructure(root, module, seen = new Set()) {
  const file = join(root, 'modules', module, 'package.json');
  if (seen.has(module)) return false;
  if (!existsSync(file)) return true;
  seen.add(module);
  const { dependencies, peerDependencies, peerDependenciesMeta } = JSON.parse(readFileSync(file, 'utf8'));
  return Object.keys({ ...dependencies, ...peerDependencies }).some(
    (name) =>
      (isInfrastructure(name) && peerDependenciesMeta?.[name]?.optional !== true) ||
      (name.startsWith('@strata/') && buildsOnInfrastructure(root, name.slice('@strata/'.length), seen)),
  );
}

/**
 * Whether an import loads cdktf: a package that needs it, or the main entry of `@strata/core`, which needs it where its
 * other entries do not.
 */
const loadsInfrastructure = (root, { name, entry }) =>
  (name === 'core' && entry === '') || buildsOnInfrastructure(root, name);

function refusal(root, from, to, specifier) {
  const quoted = `"${specifier}"`;
  if (to.kind === 'main' && from.kind !== 'other')
    return `nothing imports main.ts (${quoted}); move what is shared into a module`;

  if (to.kind === 'scripts' && from.kind !== 'scripts')
    return `nothing imports scripts (${quoted}); move what is shared into local, or into a module`;
  if (to.kind === 'local' && !['local', 'scripts'].includes(from.kind))
    return `only scripts import local (${quoted}); take the value as an argument`;

  if (to.byPath && ['module', 'stack', 'contract'].includes(to.kind) && ['scripts', 'local'].includes(from.kind)) {
    const name =
      { module: '', stack: 'stack-', contract: '' }[to.kind] + to.name + (to.kind === 'contract' ? '-contract' : '');
    return `${from.kind} imports packages by name (${quoted}); use "@strata/${name}", or an entry in its exports`;
  }

  if (from.kind === 'contract') {
    const isAllowed =
      (to.kind === 'module' && to.name === 'contract' && to.entry === '') ||
      (to.kind === 'contract' && to.name === from.name);
    return isAllowed
      ? undefined
      : `a contract imports @strata/contract alone (${quoted}), so that its readers install no layer; ` +
          'move the code into the stack';
  }

  if (from.kind === 'app') {
    if (
      to.kind === 'infrastructure' ||
      to.kind === 'stack' ||
      to.kind === 'contract' ||
      (to.kind === 'module' && loadsInfrastructure(root, to))
    ) {
      return (
        `${from.name} imports no infrastructure (${quoted}); pass the value in as an environment variable of ` +
        'the service'
      );
    }
    return undefined;
  }

  if (from.kind === 'module') {
    if (to.kind === 'contract')
      return `a module imports no layer's contract (${quoted}); take the value as a prop and let the stack pass it`;
    if (
      to.kind === 'module' &&
      to.name === 'core' &&
      to.entry === '' &&
      to.name !== from.name &&
      !buildsOnInfrastructure(root, from.name)
    ) {
      return (
        `"@strata/core" loads cdktf, which ${from.name} does without (${quoted}); use "@strata/core/config" or ` +
        '"@strata/core/rules"'
      );
    }
    if (to.kind === 'stack')
      return `a module imports no stack (${quoted}); take the value as a prop and let the stack pass it`;
    if (to.kind === 'app' || to.kind === 'sagemaker')
      return `a module imports no application code (${quoted}); take the value as a prop`;
  }

  if (from.kind === 'stack') {
    if (to.kind === 'stack' && to.name !== from.name) {
      return `a stack imports another stack's contract only (${quoted}); use "@strata/${to.name}-contract"`;
    }
    if (to.kind === 'app' || to.kind === 'sagemaker')
      return `a stack imports no application code (${quoted}); take the value from its config`;
    const entry = withoutExtension(from.entry);
    if (entry === 'config') {
      const isOwnStack =
        to.kind === 'stack' && to.name === from.name && ['', 'index', 'stack'].includes(withoutExtension(to.entry));
      if (to.kind === 'infrastructure' || isOwnStack) {
        return (
          `${entry}.ts of a stack imports no construct (${quoted}), so that others can load it alone; move the ` +
          'code into stack.ts'
        );
      }
    }
  }

  if (from.kind === 'main' && to.kind === 'infrastructure' && /^@cdk(tf|tn)\/provider-/.test(specifier)) {
    return `main.ts makes no resources (${quoted}); it wires stacks: put the resource into a stack`;
  }
  return undefined;
}

export const dependencyRule = {
  meta: { type: 'problem', docs: { description: 'main.ts -> stacks -> modules -> cdktf + provider' } },
  create(context) {
    const from = placeOfFile(context.cwd, context.filename);
    if (from.kind === 'other') return {};
    const visitor = visitImports((specifier, node) => {
      const message = refusal(context.cwd, from, placeOfImport(context.cwd, context.filename, specifier), specifier);
      if (message !== undefined) context.report({ node, message: `dependency rule: ${message}` });
    });
    if (from.kind !== 'local') return visitor;
    // A path that is spawned or read is needed as much as an import, in one piece or joined of several.
    const report = (node, text) => {
      const message = `local needs nothing in scripts ("${text}"); move the program into local`;
      context.report({ node, message: `dependency rule: ${message}` });
    };
    return {
      ...visitor,
      Literal: (node) => {
        if (typeof node.value === 'string' && PATH_OF_SCRIPTS.test(node.value)) report(node, node.value);
      },
      TemplateElement: (node) => {
        if (/(^|\/)scripts\/\S/.test(node.value.raw)) report(node, node.value.raw);
      },
    };
  },
};
