// Writes request-shapes.ts and shapes.json: what each step's call takes and what its job answers, from the AWS SDK's
// own description of the API.
// Usage: node scripts/sagemaker-api/generate.mjs, after @aws-sdk/client-sagemaker was raised. Both go into
// sagemaker/pipeline/api.
import { createRequire } from 'node:module';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const require = createRequire(import.meta.url);

// Pipelines name each job and model themselves.
const NAMED_BY_PIPELINES = {
  CreateTrainingJobRequest: ['TrainingJobName'],
  CreateProcessingJobRequest: ['ProcessingJobName'],
  CreateTransformJobRequest: ['TransformJobName'],
  CreateHyperParameterTuningJobRequest: ['HyperParameterTuningJobName'],
  CreateModelInput: ['ModelName'],
  // "not available in the workflow service", as AWS's Python SDK says where it drops them
  // (src/sagemaker/workflow/_utils.py).
  CreateModelPackageInput: ['ModelPackageName', 'CertifyForMarketplace', 'ClientToken'],
};
const ANSWERS = [
  'DescribeTrainingJobResponse',
  'DescribeProcessingJobResponse',
  'DescribeTransformJobResponse',
  'DescribeHyperParameterTuningJobResponse',
  'DescribeModelOutput',
  'DescribeModelPackageOutput',
];

/**
 * The shapes, by name: `{ required, members: { <member>: type } }`; a type is 'string', 'number', 'boolean', 'any', a
 * shape's name, `{ list: type }` or `{ map: type }`.
 */
export function readShapes() {
  const sdk = require('@aws-sdk/client-sagemaker');
  const shapes = {};
  const unwrap = (schema) => (typeof schema === 'function' ? schema() : schema);

  const typeOf = (reference) => {
    const schema = unwrap(reference);
    if (typeof schema === 'number') {
      // Numbers are bit fields: a list or a map of a simple type, or the simple type.
      if (schema & 128) return { map: typeOf(schema & ~128) };
      if (schema & 64) return { list: typeOf(schema & ~64) };
      if (schema === 0 || (schema >= 4 && schema <= 7)) return 'string';
      if (schema === 1) return 'number';
      if (schema === 2) return 'boolean';
      return 'any';
    }
    const [kind] = schema;
    // 0 simple with traits, 1 list, 2 map, 3 structure, 4 union; a member may come as [type, traits].
    if (Array.isArray(kind) || typeof kind === 'function') return typeOf(kind);
    if (kind === 0) return typeOf(schema[4]);
    if (kind === 1) return { list: typeOf(schema[4]) };
    if (kind === 2) return { map: typeOf(schema[5]) };
    if (kind === 3 || kind === 4) return structure(schema);
    throw new Error(`an unknown kind of shape: ${JSON.stringify(kind)}`);
  };

  const structure = (schema) => {
    const [kind, , name, , members, types, required = 0] = schema;
    if (shapes[name] !== undefined) return name;
    shapes[name] = { required: [], members: {} };
    const left = NAMED_BY_PIPELINES[name] ?? [];
    shapes[name].required =
      kind === 3
        ? members
            .slice(0, required)
            .filter((member) => !left.includes(member))
            .sort()
        : [];
    const described = members.map((member, i) => [member, types[i]]).filter(([member]) => !left.includes(member));
    for (const [member, type] of described.sort(([a], [b]) => (a < b ? -1 : 1))) {
      shapes[name].members[member] = typeOf(type);
    }
    return name;
  };

  for (const name of [...Object.keys(NAMED_BY_PIPELINES), ...ANSWERS]) structure(sdk[`${name}$`]);
  return shapes;
}

function typescript(shapes) {
  const isAnswer = reach(shapes, ANSWERS);
  const isRequest = reach(shapes, Object.keys(NAMED_BY_PIPELINES));
  const blocks = Object.keys(shapes)
    .sort()
    .flatMap((name) => {
      const { members, required } = shapes[name];
      const lines = (write, optional) =>
        Object.entries(members)
          .map(([member, type]) => `  readonly ${member}${optional(member) ? '?' : ''}: ${write(type)};\n`)
          .join('');
      const request = `export interface ${name} {\n${lines(
        (type) => requestSpelling(type, shapes),
        (member) => !required.includes(member),
      )}}\n`;
      const answer = `export interface ${answerName(name, isRequest)} {\n${lines(
        (type) => answerSpelling(type, shapes, isRequest),
        () => false,
      )}}\n`;
      return [...(isRequest.has(name) ? [request] : []), ...(isAnswer.has(name) ? [answer] : [])];
    });
  return (
    '// Made by generate.mjs from @aws-sdk/client-sagemaker (Apache-2.0); not to be edited.\nimport type { ' +
    `Value } from '../expressions';\n\n${blocks.join('\n')}`
  );
}

/** One line a shape, so that a change of the API is a readable difference. */
function json(shapes) {
  const lines = Object.keys(shapes)
    .sort()
    .map((name) => `  ${JSON.stringify(name)}: ${JSON.stringify(shapes[name])}`);
  return `{\n${lines.join(',\n')}\n}\n`;
}

const parenthesised = (text) => (/[ |]/.test(text) ? `(${text})` : text);
const answerName = (name, isRequest) => (isRequest.has(name) ? `${name}Answer` : name);

/** A request's member: each simple value may be a reference. */
function requestSpelling(type, shapes) {
  if (type === 'any') return 'unknown';
  if (typeof type === 'string') return shapes[type] ? type : `Value<${type}>`;
  return type.list === undefined
    ? `Readonly<Record<string, ${requestSpelling(type.map, shapes)}>>`
    : `readonly ${parenthesised(requestSpelling(type.list, shapes))}[]`;
}

/** An answer's member, as a step's properties are typed from it. */
function answerSpelling(type, shapes, isRequest) {
  if (type === 'any') return 'unknown';
  if (typeof type === 'string') return shapes[type] ? answerName(type, isRequest) : type;
  return type.list === undefined
    ? `Readonly<Record<string, ${answerSpelling(type.map, shapes, isRequest)}>>`
    : `readonly ${parenthesised(answerSpelling(type.list, shapes, isRequest))}[]`;
}

function reach(shapes, from) {
  const seen = new Set();
  const visit = (type) => {
    if (typeof type === 'object') return visit(type.list ?? type.map);
    if (shapes[type] === undefined || seen.has(type)) return undefined;
    seen.add(type);
    Object.values(shapes[type].members).forEach(visit);
    return undefined;
  };
  from.forEach(visit);
  return seen;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const folder = join(dirname(fileURLToPath(import.meta.url)), '../../sagemaker/pipeline/api');
  const shapes = readShapes();
  const { version } = JSON.parse(
    readFileSync(join(dirname(require.resolve('@aws-sdk/client-sagemaker')), '../package.json'), 'utf8'),
  );
  writeFileSync(join(folder, 'request-shapes.ts'), typescript(shapes));
  writeFileSync(join(folder, 'shapes.json'), json(shapes));
  console.log(`${Object.keys(shapes).length} shapes of @aws-sdk/client-sagemaker ${version}`);
}
