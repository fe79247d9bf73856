// docs/changes.md, from what was recorded.
import { casesOf } from './cases';
import { consequenceOf, typeOf } from './consequences';
import { layerNames, type Layer } from './layers';
import type { Outcome, Resources, Row } from './outcome';
import { isOf, readResults, type Results } from './results';

const OUTCOMES: readonly Outcome[] = [
  'nothing',
  'in place',
  'added',
  'removed',
  'released',
  'replaced',
  'refused at synth',
  'refused at plan',
];

const ABOUT = `# What a change does

Written by \`npm run changes\`, which changes every option of every layer on one that is deployed in an emulator of AWS,
with the real Terraform and provider. Do not edit it: change what is tried in \`scripts/changes/cases\`, or what is known of
AWS in \`scripts/changes/consequences.ts\`, and run the command again.

- **What happens**: what \`terraform plan\` shows. *Tried* means that it was applied, that a second plan was empty, and that
  it was changed back.
- **What is down** while it is applied, by the resource that matters most.
- *Protected*: the plan is refused while the environment's \`deletionProtection\` is on.
- In an option, \`*\` is any name and \`[]\` any entry of a list.
`;

/** @param read what was recorded of a layer */
export function changesDocument(read: (layer: Layer) => Results | undefined = readResults): string {
  const recorded = layerNames.flatMap((layer) => {
    const results = read(layer);
    return results === undefined ? [] : [{ layer, results }];
  });
  const missing = layerNames.filter((layer) => recorded.every((one) => one.layer !== layer));
  return [
    ABOUT,
    summary(recorded),
    ...(missing.length > 0 ? [`Not recorded yet: ${missing.join(', ')}.\n`] : []),
    ...recorded.map(({ layer, results }) => section(layer, results)),
  ].join('\n');
}

function summary(recorded: readonly { readonly layer: Layer; readonly results: Results }[]): string {
  const rows = recorded.map(({ layer, results: { changes, provider } }) => {
    const counts = OUTCOMES.map((outcome) => changes.filter((row) => row.outcome === outcome).length);
    const options = new Set(changes.map(({ option }) => option)).size;
    return `| [${layer}](#${layer}) | ${options} | ${[...counts, changes.filter(isTried).length].join(' | ')} | ${provider} |`;
  });
  const head = ['layer', 'options', ...OUTCOMES, 'tried', 'provider'];
  return [line(head), line(head.map(() => '---')), ...rows, ''].join('\n');
}

function section(layer: Layer, { changes }: Results): string {
  const head = ['option', 'change', 'what happens', 'what is down', 'what to do'];
  const failed = changes.filter(({ applied }) => applied !== undefined && applied !== 'yes' && applied !== 'not yet');
  const missing = casesOf(layer).changes.filter((change) => !changes.some((row) => isOf(row, change)));
  const waiting = changes.filter(({ applied }) => applied === 'not yet');
  return [
    `## ${layer}\n`,
    line(head),
    line(head.map(() => '---')),
    ...changes.map(rowOf),
    '',
    ...(missing.length > 0 ? [`${missing.length} more changes are still to be recorded.\n`] : []),
    ...(waiting.length > 0 ? [`${waiting.length} of these were planned and are still to be tried.\n`] : []),
    ...(failed.length > 0
      ? [
          'Tried in the emulator without success:\n',
          ...failed.map((row) => `- \`${row.option}\`, ${changeOf(row)}: ${shortened(oneLine(row.applied!), 300)}`),
          '',
        ]
      : []),
    ...plannedOnly(changes),
  ].join('\n');
}

function plannedOnly(changes: readonly Row[]): string[] {
  const reasons = new Map<string, string[]>();
  for (const { option, plannedOnly: reason } of changes)
    if (reason !== undefined) reasons.set(reason, [...(reasons.get(reason) ?? []), `\`${option}\``]);
  return [...reasons].map(([reason, options]) => `Only planned, as ${reason}: ${[...new Set(options)].join(', ')}.\n`);
}

function rowOf(row: Row): string {
  const { down, todo } = row.outcome.startsWith('refused')
    ? { down: '–', todo: undefined }
    : consequenceOf(row.resources ?? {});
  const what = [
    row.refusal === undefined ? happening(row) : `${row.outcome}: ${shortened(reasonIn(row.refusal), 160)}`,
    ...(isTried(row) ? ['*tried*'] : []),
  ].join('; ');
  const todos = [
    ...(row.protected === undefined ? [] : [`*protected*: turn deletionProtection off to replace or delete it`]),
    ...(todo === undefined ? [] : [todo]),
  ];
  return line([`\`${row.option}\``, changeOf(row), what, down, todos.length > 0 ? todos.join('; ') : '–']);
}

function happening({ outcome, resources = {} }: Row): string {
  if (outcome === 'nothing') return 'nothing';
  const words: Readonly<Record<keyof Resources, string>> = {
    replaced: 'replaces',
    destroyed: 'removes',
    released: 'drops from the state',
    created: 'adds',
    updated: 'updates',
  };
  const parts = (Object.keys(words) as (keyof Resources)[]).flatMap((key) => {
    const names = resources[key] ?? [];
    return names.length === 0 ? [] : [`${words[key]} ${counted(names)}`];
  });
  return `**${outcome}**: ${parts.join('; ')}`;
}

function counted(names: readonly string[]): string {
  const types = names.map(typeOf);
  return [...new Set(types)]
    .map((type) => {
      const count = types.filter((other) => other === type).length;
      return `${count === 1 ? '' : `${count} `}${type.replace(/^aws_/, '')}`;
    })
    .join(', ');
}

function changeOf({ from, to, with: others = {} }: Row): string {
  const also = Object.keys(others).length > 0 ? ', with what belongs to it' : '';
  return `${from === undefined ? 'unset' : shown(from)} → ${to === null ? 'unset' : shown(to)}${also}`;
}

function shown(value: unknown): string {
  return `\`${shortened(JSON.stringify(value), 60)}\``;
}

/** The last line of a refusal: the lines before say where it was found. */
function reasonIn(refusal: string): string {
  return oneLine(refusal).replace(/^\d+ problems? in the context of cdktf\.json: - /, '');
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function shortened(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

function isTried({ applied }: Row): boolean {
  return applied === 'yes';
}

function line(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
