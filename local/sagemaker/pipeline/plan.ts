import type { StepDefinition } from '@strata/sagemaker-pipeline';
import { ExecutionError } from './execution-error';
import { splitPath } from './values';

/** Types of steps that can run on this machine. */
export const RUNNABLE = ['Training', 'Processing', 'Condition', 'RegisterModel', 'Model', 'Lambda', 'Fail'] as const;

/** A step of the plan, with those of its branches. */
export interface PlannedStep {
  readonly step: StepDefinition;
  readonly ifSteps: readonly PlannedStep[];
  readonly elseSteps: readonly PlannedStep[];
}

/**
 * Refuses what cannot run here, before anything starts.
 * @param functions ARNs of the functions that there are
 * @throws ExecutionError naming each such step
 */
export function refuseUnrunnable(definition: { readonly Steps?: unknown }, functions: ReadonlySet<string>): void {
  const problems = everyStep(definition.Steps).flatMap((step) =>
    unrunnable(step, functions).map((problem) => `- step "${String(step['Name'])}": ${problem}`),
  );
  if (problems.length > 0)
    throw new ExecutionError(`this pipeline cannot run on this machine:\n${problems.join('\n')}`);
}

function everyStep(steps: unknown): readonly Record<string, unknown>[] {
  if (!Array.isArray(steps)) return [];
  return (steps as readonly Record<string, unknown>[]).flatMap((step) => {
    const branches = (step?.['Arguments'] ?? {}) as Record<string, unknown>;
    return [
      step,
      ...(step?.['Type'] === 'Condition'
        ? [...everyStep(branches['IfSteps']), ...everyStep(branches['ElseSteps'])]
        : []),
    ];
  });
}

function unrunnable(step: Record<string, unknown>, functions: ReadonlySet<string>): string[] {
  const type = String(step['Type']);
  const given = (step['Arguments'] ?? {}) as Record<string, Record<string, unknown> | undefined>;
  if (!(RUNNABLE as readonly string[]).includes(type))
    return [`a step of type ${type} cannot run here; only ${RUNNABLE.join(', ')} can`];
  if (type === 'Training') {
    if (given['HyperParameters']?.['sagemaker_program'] === undefined)
      return [
        'only script mode runs here: the hyperparameters sagemaker_program and sagemaker_submit_directory are missing',
      ];
    const count = given['ResourceConfig']?.['InstanceCount'];
    if (typeof count === 'number' && count > 1) return [`it asks for ${count} instances; this machine is one`];
  }
  if (type === 'Processing') {
    const entry = given['AppSpecification']?.['ContainerEntrypoint'];
    if (!Array.isArray(entry))
      return [
        'the image\'s own entry point cannot run here; give ContainerEntrypoint, such as ["python3", ' +
          '"/opt/ml/processing/code/run.py"]',
      ];
    if (!/^(python3?(\.\d+)?|bash|sh)$/.test(String(entry[0])))
      return [
        `its ContainerEntrypoint begins with "${String(entry[0])}"; only python3, bash and sh are there on ` +
          'this machine as in the image',
      ];
  }
  if (type === 'Lambda') {
    const arn = step['FunctionArn'];
    if (typeof arn !== 'string') return ['its FunctionArn is not known before the run'];
    if (!functions.has(arn)) return [`there is no function ${arn} here; name its code by --function ${arn}=<file.js>`];
  }
  return [];
}

/**
 * The steps in an order in which each comes after those it needs; otherwise as they are listed.
 * @throws ExecutionError when steps wait for each other
 */
export function plan(steps: readonly StepDefinition[]): readonly PlannedStep[] {
  const names = new Set(steps.map(({ Name }) => Name));
  const needs = new Map(
    steps.map((step) => [step.Name, [...stepsNeeded(step)].filter((name) => names.has(name) && name !== step.Name)]),
  );
  const ordered: StepDefinition[] = [];
  let waiting = [...steps];
  while (waiting.length > 0) {
    const next = waiting.find(({ Name }) =>
      needs.get(Name)!.every((name) => ordered.some((done) => done.Name === name)),
    );
    if (next === undefined)
      throw new ExecutionError(`the steps ${waiting.map(({ Name }) => `"${Name}"`).join(', ')} wait for each other`);
    ordered.push(next);
    waiting = waiting.filter((step) => step !== next);
  }
  return ordered.map((step) => ({
    step,
    ifSteps: plan(branch(step, 'IfSteps')),
    elseSteps: plan(branch(step, 'ElseSteps')),
  }));
}

/** Steps that a step refers to or names in DependsOn; for a condition, also what the steps of its branches need. */
function stepsNeeded(step: StepDefinition): Set<string> {
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      if (key === 'Get' && typeof inner === 'string' && inner.startsWith('Steps.'))
        found.add(splitPath(inner)[1] ?? '');
      else if (key === 'DependsOn' && Array.isArray(inner)) for (const name of inner as string[]) found.add(name);
      else visit(inner);
    }
  };
  visit(step);
  return found;
}

export function branch(step: StepDefinition, name: 'IfSteps' | 'ElseSteps'): readonly StepDefinition[] {
  const steps =
    step.Type === 'Condition'
      ? (step.Arguments as unknown as Record<string, readonly StepDefinition[] | undefined>)[name]
      : undefined;
  return steps ?? [];
}

/** How many steps there are, branches included. */
export function countSteps(planned: readonly PlannedStep[]): number {
  return planned.reduce((sum, { ifSteps, elseSteps }) => sum + 1 + countSteps(ifSteps) + countSteps(elseSteps), 0);
}

/** The plan for a terminal: one line a step, branches indented. */
export function planText(planned: readonly PlannedStep[], indent = '  '): string {
  return planned
    .map(({ step, ifSteps, elseSteps }) => {
      const branches = [
        ['if it holds', ifSteps],
        ['else', elseSteps],
      ] as const;
      return [
        `${indent}${step.Name.padEnd(28)} ${step.Type}\n`,
        ...branches
          .filter(([, steps]) => steps.length > 0)
          .map(([title, steps]) => `${indent}  ${title}:\n${planText(steps, `${indent}    `)}`),
      ].join('');
    })
    .join('');
}
