import { didYouMean } from '@strata/core/config';
import { EXECUTION_VARIABLES } from '../expressions';
import { branch, type PipelineDefinition, type StepDefinition } from './definition';
import { propertyProblem } from './property-path';

/** A step and its location. */
interface Placed {
  readonly step: StepDefinition;
  /** The steps listed beside it. */
  readonly siblings: readonly StepDefinition[];
  /** The condition step whose branch it is in. */
  readonly parent: Placed | undefined;
}

/** A reference found in a step: the text behind `Get`. */
interface Use {
  readonly target: string;
  /** Path behind a `Std:JsonGet`, which reads a property file. */
  readonly isPropertyFile: boolean;
}

/**
 * What JSON schema cannot say: names, references and order. Expects a definition that `checkStructure` found nothing
 * wrong with.
 */
export function checkGraph(definition: PipelineDefinition): readonly string[] {
  const problems: string[] = [];
  const parameters = uniqueParameters(definition, problems);
  const placed = uniqueSteps(definition, problems);
  const edges = new Map<string, Set<string>>();

  for (const at of placed.values()) {
    const { step } = at;
    const needs = new Set<string>();
    edges.set(step.Name, needs);
    if (at.parent !== undefined) needs.add(at.parent.step.Name);
    const problem = (message: string): void => {
      problems.push(`step "${step.Name}": ${message}`);
    };
    // https://docs.aws.amazon.com/sagemaker/latest/dg/build-and-manage-steps-types.html#step-type-condition
    if (step.Type === 'Condition' && at.parent !== undefined) {
      problem(
        `a condition in a branch of condition "${at.parent.step.Name}", which SageMaker does not have; give ` +
          'one step all the conditions, or make the branch a separate pipeline',
      );
    }
    for (const name of step.DependsOn ?? []) {
      const reason = name === step.Name ? 'depends on itself' : unreachable(placed, at, name);
      if (reason !== undefined) problem(`DependsOn: ${reason}`);
      else if (placed.get(name)!.step.Type === 'Fail')
        problem(`DependsOn: step "${name}" is a Fail step; nothing runs after it`);
      // https://github.com/aws/sagemaker-python-sdk/issues/3565
      else if (placed.get(name)!.step.Type === 'Condition')
        problem(
          `DependsOn: step "${name}" is a condition, which SageMaker lets nothing depend on; move this step ` +
            'into one of its branches',
        );
      else needs.add(name);
    }
    for (const use of usesOf(step)) {
      const reason = useProblem(use, at, placed, parameters, needs);
      if (reason !== undefined) problem(reason);
    }
    for (const file of step.PropertyFiles ?? []) checkPropertyFile(step, file, problem);
    duplicates((step.PropertyFiles ?? []).map(({ PropertyFileName }) => PropertyFileName)).forEach((name) =>
      problem(`property file "${name}" is there twice; name one differently`),
    );
    duplicates((step.OutputParameters ?? []).map(({ OutputName }) => OutputName)).forEach((name) =>
      problem(`output "${name}" is there twice; name one differently`),
    );
  }
  for (const use of usesOf(definition.PipelineExperimentConfig)) {
    if (!/^(Parameters|Execution)\./.test(use.target))
      problems.push(
        `PipelineExperimentConfig: "${use.target}" is not known before a step has run; use a parameter or an ` +
          'execution variable',
      );
    else
      problems.push(
        ...[namedProblem(use.target, parameters)].flatMap((reason) =>
          reason === undefined ? [] : [`PipelineExperimentConfig: ${reason}`],
        ),
      );
  }
  const cycle = findCycle(edges);
  if (cycle !== undefined)
    problems.push(
      `step "${cycle[0]}" waits for itself: ${cycle.join(' -> ')}; remove one of these references or DependsOn entries`,
    );
  return problems;
}

function uniqueParameters(definition: PipelineDefinition, problems: string[]): readonly string[] {
  const parameters = definition.Parameters ?? [];
  const names = parameters.map(({ Name }) => Name);
  for (const name of duplicates(names)) problems.push(`parameter "${name}" is declared twice; name one differently`);
  for (const { Name, DefaultValue, EnumValues } of parameters) {
    if (EnumValues !== undefined && DefaultValue !== undefined && !EnumValues.includes(DefaultValue as string)) {
      problems.push(
        `parameter "${Name}": the default "${DefaultValue}" is not among its values ` +
          `${EnumValues.join(', ')}${didYouMean(String(DefaultValue), EnumValues)}`,
      );
    }
  }
  return names;
}

function uniqueSteps(definition: PipelineDefinition, problems: string[]): Map<string, Placed> {
  const placed = new Map<string, Placed>();
  const visit = (steps: readonly StepDefinition[], parent: Placed | undefined): void => {
    for (const step of steps) {
      const at = { step, siblings: steps, parent };
      if (placed.has(step.Name))
        problems.push(
          `step "${step.Name}" is there twice; each step has its own name and stands in one place, branches included`,
        );
      else placed.set(step.Name, at);
      visit(branch(step, 'IfSteps'), at);
      visit(branch(step, 'ElseSteps'), at);
    }
  };
  visit(definition.Steps, undefined);
  return placed;
}

/**
 * Why `from` cannot use the step of that name; `undefined` where it can: a step beside it, or beside one of the
 * conditions it is in.
 */
function unreachable(placed: ReadonlyMap<string, Placed>, from: Placed, name: string): string | undefined {
  const target = placed.get(name);
  if (target === undefined) return `there is no step "${name}" in the pipeline${didYouMean(name, [...placed.keys()])}`;
  for (let at: Placed | undefined = from; at !== undefined; at = at.parent) {
    if (at.siblings.includes(target.step)) return undefined;
  }
  return (
    `step "${name}" is in a branch of condition "${target.parent!.step.Name}", which may not run; move the ` +
    'step that uses it into the same branch'
  );
}

function useProblem(
  use: Use,
  at: Placed,
  placed: ReadonlyMap<string, Placed>,
  parameters: readonly string[],
  needs: Set<string>,
): string | undefined {
  const step = /^Steps\.([^.[\]]+)(?:\.(.+))?$/.exec(use.target);
  if (step === null) return namedProblem(use.target, parameters);
  const [, name, property] = step;
  if (name === at.step.Name) return `"${use.target}" refers to the step itself`;
  const reason = unreachable(placed, at, name!);
  if (reason !== undefined) return `"${use.target}": ${reason}`;
  const target = placed.get(name!)!.step;
  for (let inside: Placed | undefined = at.parent; inside !== undefined; inside = inside.parent) {
    if (inside.step === target)
      return target.Type === 'Condition' && property === 'Outcome'
        ? undefined
        : `"${use.target}": a condition step has one property, Outcome`;
  }
  needs.add(name!);
  const wrong = use.isPropertyFile ? propertyFileProblem(target, property) : propertyProblem(target, property);
  return wrong === undefined ? undefined : `"${use.target}": ${wrong}`;
}

/** What is wrong with a reference to a parameter or an execution variable. */
function namedProblem(target: string, parameters: readonly string[]): string | undefined {
  const [kind, name = ''] = target.split(/\.(.*)/s);
  if (kind === 'Parameters') {
    return parameters.includes(name)
      ? undefined
      : `parameter "${name}" is not declared; add it to the pipeline's parameters${didYouMean(name, parameters)}`;
  }
  if (kind === 'Execution')
    return EXECUTION_VARIABLES.includes(name)
      ? undefined
      : `"${target}" is no execution variable; use one of ` +
          `${EXECUTION_VARIABLES.join(', ')}${didYouMean(name, EXECUTION_VARIABLES)}`;
  return `"${target}" is not a reference; it begins with Steps., Parameters. or Execution.`;
}

function propertyFileProblem(target: StepDefinition, property = ''): string | undefined {
  if (target.Type !== 'Processing')
    return `property files belong to Processing steps, and this is a ${target.Type} step`;
  const name = /^PropertyFiles\.(.+)$/.exec(property)?.[1];
  const files = (target.PropertyFiles ?? []).map(({ PropertyFileName }) => PropertyFileName);
  if (name !== undefined && files.includes(name)) return undefined;
  return (
    `step "${target.Name}" declares no property file "${name ?? property}"; declared are ` +
    `${files.join(', ') || 'none'}${didYouMean(name ?? property, files)}`
  );
}

function checkPropertyFile(
  step: StepDefinition,
  file: { readonly PropertyFileName: string; readonly OutputName: string },
  problem: (message: string) => void,
): void {
  const config = step.Arguments.ProcessingOutputConfig as
    | { readonly Outputs?: readonly { readonly OutputName?: unknown }[] }
    | undefined;
  const outputs = (config?.Outputs ?? []).map(({ OutputName }) => String(OutputName));
  if (outputs.includes(file.OutputName)) return;
  problem(
    `property file "${file.PropertyFileName}" is in output "${file.OutputName}", which the step does not ` +
      `have; its outputs are ${outputs.join(', ') || 'none'}${didYouMean(file.OutputName, outputs)}`,
  );
}

/** References in a step, without those in its branches: they belong to the steps there. */
function usesOf(from: unknown): readonly Use[] {
  const uses: Use[] = [];
  const visit = (value: unknown, isPropertyFile: boolean): void => {
    if (typeof value !== 'object' || value === null) return;
    const entries = Object.entries(value);
    if (entries.length === 1 && entries[0]![0] === 'Get' && typeof entries[0]![1] === 'string') {
      uses.push({ target: entries[0]![1], isPropertyFile });
      return;
    }
    for (const [key, inner] of entries)
      if (key !== 'IfSteps' && key !== 'ElseSteps') visit(inner, key === 'PropertyFile');
  };
  visit(from, false);
  return uses;
}

/** Steps that wait for each other in a circle, the first one again at the end. */
function findCycle(edges: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] | undefined {
  const done = new Set<string>();
  const visit = (name: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name];
    if (done.has(name)) return undefined;
    for (const next of edges.get(name) ?? []) {
      const cycle = visit(next, [...path, name]);
      if (cycle !== undefined) return cycle;
    }
    done.add(name);
    return undefined;
  };
  for (const name of edges.keys()) {
    const cycle = visit(name, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}

function duplicates(names: readonly string[]): readonly string[] {
  return [...new Set(names.filter((name, i) => names.indexOf(name) !== i))];
}
