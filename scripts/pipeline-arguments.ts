import { UserError } from '../local/toolchain';

export interface PipelineArguments {
  readonly pipeline: string | undefined;
  readonly functions: readonly (readonly [string, string])[];
  readonly list: boolean;
  readonly dryRun: boolean;
  readonly help: boolean;
  /**
   * The given parameters, by the names that a definition declares: `--train-data` is TrainData.
   * @throws UserError for an option that is neither the command's nor a parameter of the definition
   */
  parametersOf(definition: unknown): ReadonlyMap<string, string>;
}

const SWITCHES = ['list', 'dry-run', 'help'];

/** @throws UserError when an option has no value, or not the form it needs */
export function readPipelineArguments(words: readonly string[]): PipelineArguments {
  const positional: string[] = [];
  const switches = new Set<string>();
  const parameters: (readonly [string, string])[] = [];
  const functions: (readonly [string, string])[] = [];
  const others: (readonly [string, string])[] = [];

  for (let index = 0; index < words.length; index += 1) {
    const option = /^--([A-Za-z][\w-]*)(?:=(.*))?$/s.exec(words[index]!);
    if (option === null) {
      if (words[index]!.startsWith('-'))
        throw new UserError(`unknown option "${words[index]}"; --help shows what there is`);
      positional.push(words[index]!);
      continue;
    }
    const [, name = '', inline] = option;
    if (SWITCHES.includes(name)) {
      if (inline !== undefined) throw new UserError(`--${name} takes no value`);
      switches.add(name);
      continue;
    }
    const value = inline ?? words[(index += 1)];
    if (value === undefined || (inline === undefined && value.startsWith('--')))
      throw new UserError(`--${name} needs a value`);
    if (name === 'parameter') parameters.push(pair(value, `--parameter ${value}`, '<Name>=<value>'));
    else if (name === 'function') functions.push(pair(value, `--function ${value}`, '<ARN>=<file.js>'));
    else others.push([name, value]);
  }
  if (positional.length > 1) throw new UserError(`one pipeline at a time, not ${positional.join(', ')}`);
  return {
    pipeline: positional[0],
    functions,
    list: switches.has('list'),
    dryRun: switches.has('dry-run'),
    help: switches.has('help'),
    parametersOf: (definition) => {
      const declared = declaredNames(definition);
      const named = others.map(([option, value]) => {
        const name = declared.find((candidate) => plain(candidate) === plain(option));
        if (name === undefined)
          throw new UserError(
            `--${option} is not an option, and the pipeline has no such parameter; its parameters are ` +
              `${declared.join(', ') || 'none'}`,
          );
        return [name, value] as const;
      });
      const all = [...parameters, ...named];
      const twice = all.find(([name], index) => all.findIndex(([other]) => other === name) !== index);
      if (twice !== undefined) throw new UserError(`parameter ${twice[0]} is set twice`);
      return new Map(all);
    },
  };
}

/** An ARN has no `=` in it, and neither has the name of a parameter. */
function pair(text: string, what: string, form: string): readonly [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw new UserError(`"${what}" is not of the form ${form}`);
  return [text.slice(0, at), text.slice(at + 1)];
}

/** `--learning-rate`, `--learningRate` and `LearningRate` are the same. */
function plain(name: string): string {
  return name.replace(/[-_]/g, '').toLowerCase();
}

function declaredNames(definition: unknown): string[] {
  const parameters = (definition as { readonly Parameters?: unknown } | null)?.Parameters;
  return Array.isArray(parameters)
    ? parameters.map((parameter) => String((parameter as { readonly Name?: unknown } | null)?.Name))
    : [];
}
