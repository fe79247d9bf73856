// Every construct is made the same way: (scope, id, props).
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { placeOfFile } from '../places.mjs';

const roots = new Set([
  'Construct',
  'TerraformElement',
  'TerraformResource',
  'TerraformDataSource',
  'TerraformModule',
  'TerraformStack',
  'LayerStack',
]);
let bases;

/**
 * Superclass of each class in modules and stacks, so that a construct derived from a construct in another file is known
 * as one.
 */
function superclasses(root) {
  if (bases) return bases;
  bases = new Map();
  for (const kind of ['modules', 'stacks', 'sagemaker']) {
    for (const file of sources(join(root, kind))) {
      for (const [, name, base] of readFileSync(file, 'utf8').matchAll(
        /\bclass\s+(\w+)(?:<[^{]*?>)?\s+extends\s+(?:\w+\.)?(\w+)/g,
      ))
        bases.set(name, base);
    }
  }
  return bases;
}

function sources(folder) {
  let entries = [];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
  return entries.flatMap((entry) => {
    if (entry.isDirectory())
      return ['node_modules', 'lib'].includes(entry.name) ? [] : sources(join(folder, entry.name));
    return /(?<!\.d)\.ts$/.test(entry.name) ? [join(folder, entry.name)] : [];
  });
}

function isConstruct(root, name) {
  const seen = new Set();
  for (let current = name; current !== undefined && !seen.has(current); current = superclasses(root).get(current)) {
    if (roots.has(current)) return true;
    seen.add(current);
  }
  return false;
}

/** Name and type of a parameter, whether it is plain, `private readonly`, or has a default. */
function parameter(node) {
  const inner = node.type === 'TSParameterProperty' ? node.parameter : node;
  const target = inner.type === 'AssignmentPattern' ? inner.left : inner;
  return { name: target.name, type: target.typeAnnotation?.typeAnnotation };
}

export const constructorShape = {
  meta: { type: 'problem', docs: { description: 'a construct is made with (scope, id, props)' } },
  create(context) {
    const { kind } = placeOfFile(context.cwd, context.filename);
    if (kind !== 'module' && kind !== 'stack') return {};
    const check = (node) => {
      const base = node.superClass?.type === 'MemberExpression' ? node.superClass.property.name : node.superClass?.name;
      if (base === undefined || !isConstruct(context.cwd, base)) return;
      const constructor = node.body.body.find(
        (member) => member.type === 'MethodDefinition' && member.kind === 'constructor' && member.value.body,
      );
      if (!constructor) return;
      const name = node.id?.name ?? 'this class';
      const parameters = constructor.value.params.map(parameter);
      const names = parameters.map((p) => p.name ?? '{…}').join(', ');
      const expected = ['scope', 'id', 'props'].slice(0, Math.max(2, Math.min(parameters.length, 3)));
      if (parameters.length > 3 || expected.some((want, i) => parameters[i]?.name !== want)) {
        context.report({
          node: constructor.key,
          message:
            `constructor shape: ${name} is a construct and takes (${names}); use (scope, id, props) and put ` +
            'everything else into props',
        });
      } else if (parameters[2]?.type?.type === 'TSTypeLiteral') {
        context.report({
          node: constructor.key,
          message:
            `constructor shape: the props of ${name} have no name; export an interface ${name}Props so that ` +
            'others can refer to it',
        });
      }
    };
    return { ClassDeclaration: check, ClassExpression: check };
  },
};
