import { RULES } from './rules';

/** The table of docs/emulator.md: what the rules refuse, by service. */
export function rulesTable(): string {
  const rows = RULES.map(
    ({ service, operations, what, source }) => `| ${service} | ${operations.join(', ')} | [${what}](${source}) |`,
  );
  return ['| service | operations | what is refused |', '|---|---|---|', ...rows].join('\n');
}
