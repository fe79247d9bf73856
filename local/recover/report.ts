import { TAGGED } from './arn-types';
import type { Recovery } from './recover';

/** What was found, and what to do next. */
export function report({ layer, orphans, leftAlone, leftOver, unread, unknownTypes, file, plan }: Recovery): string {
  const parts: string[] = [];
  if (orphans.length === 0) parts.push(`Nothing is missing from the state of "${layer}".`);
  else {
    const rows = orphans.map(({ address, found }) => [
      address,
      found.id,
      found.values ? 'what it is part of' : TAGGED.has(found.type) ? 'tags' : 'name',
    ]);
    parts.push(
      `${orphans.length} ${orphans.length === 1 ? 'resource exists' : 'resources exist'} and ${orphans.length === 1 ? 'is' : 'are'} missing from the state of "${layer}":`,
      table(['resource', 'import id', 'found by'], rows),
      `Their import blocks are in ${file}. Now deploy: npx cdktf deploy ${layer}\nIt imports ${orphans.length}, makes ${plan.add}, changes ${plan.change} and destroys ${plan.destroy}.`,
    );
  }
  if (leftAlone.length > 0)
    parts.push(
      'Not imported:',
      leftAlone
        .map(({ address, ids, reason, remedy }) => `  ${address} (${ids.join(', ')}): ${reason}; ${remedy}`)
        .join('\n'),
    );
  if (leftOver.length > 0)
    parts.push(
      "These have the layer's tags, or are part of what has, and are neither in its state nor in its configuration. Nothing touches them; delete " +
        'those that you do not need:',
      leftOver.map((arn) => `  ${arn}`).join('\n'),
    );
  if (unknownTypes.length > 0)
    parts.push(`Not looked for, as it is not known by what they are found: ${unknownTypes.join(', ')}.`);
  if (unread.length > 0)
    parts.push(
      'Terraform could not read everything, so something may be missing above:',
      unread.map(({ summary }) => `  ${summary}`).join('\n'),
    );
  return parts.join('\n\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)));
  return [head, ...rows]
    .map(
      (row) =>
        `  ${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}`,
    )
    .join('\n');
}
