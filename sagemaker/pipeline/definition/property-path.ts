import { didYouMean } from '@strata/core/config';
import type { StepDefinition } from './definition';
import { answerOf, shapes } from './schema';

/**
 * What is wrong with a path into a step's properties, such as `ModelArtifacts.S3ModelArtifacts`; `undefined` where
 * nothing is.
 */
export function propertyProblem(step: StepDefinition, path: string | undefined): string | undefined {
  if (path === undefined) return 'names a step, not one of its properties';
  const parts = path.match(/[^.[\]]+|\[\d+\]|\['[^']*'\]/g) ?? [];
  if (step.Type === 'Condition') return path === 'Outcome' ? undefined : `a condition step has one property, Outcome`;
  if (step.Type === 'Fail') return 'a Fail step has no properties';
  if (step.Type === 'Lambda') return lambdaProblem(step, parts);

  let type: unknown = answerOf(step.Type);
  let read = '';
  for (const part of parts) {
    const shape = typeof type === 'string' ? shapes[type] : undefined;
    const items = typeof type === 'object' && type !== null ? (type as { list?: unknown; map?: unknown }) : undefined;
    const place = read === '' ? `a ${step.Type} step` : read;
    if (part.startsWith('[')) {
      if (items === undefined) return `${place} is neither a list nor a map, so ${part} reads nothing`;
      type = items.list ?? items.map;
    } else if (shape !== undefined) {
      if (shape.members[part] === undefined)
        return (
          `${place} has no property ` +
          `"${part}"${didYouMean(part, Object.keys(shape.members)) || `; it has ${Object.keys(shape.members).join(', ')}`}`
        );
      type = shape.members[part];
    } else if (items !== undefined) {
      return `${place} is a list or a map; name its entry first, as [0] or ['name']`;
    } else return `${place} is a simple value and has no property "${part}"`;
    read = read === '' || part.startsWith('[') ? `${read}${part}` : `${read}.${part}`;
  }
  return typeof type === 'string' && shapes[type] === undefined
    ? undefined
    : `${read} contains several values; name one of them`;
}

function lambdaProblem(step: StepDefinition, parts: readonly string[]): string | undefined {
  const outputs = (step.OutputParameters ?? []).map(({ OutputName }) => OutputName);
  const name = parts[0] === 'OutputParameters' && parts.length === 2 ? /^\['(.*)'\]$/.exec(parts[1]!)?.[1] : undefined;
  if (name === undefined) return "a Lambda step has its outputs only, as OutputParameters['name']";
  return outputs.includes(name)
    ? undefined
    : `step "${step.Name}" declares no output "${name}"; declared are ` +
        `${outputs.join(', ') || 'none'}${didYouMean(name, outputs)}`;
}
