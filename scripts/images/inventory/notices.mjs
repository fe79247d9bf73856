import { createRequire } from 'node:module';
import { isLeftOut, isOurs, packageName } from './sbom.mjs';

const LINE = '='.repeat(100);

/**
 * The licences of everything that others have made, each text once, with the packages that it is for.
 *
 * @param {object} bom with the licence files of each package as evidence
 * @param {Record<string, string>} licenses texts for packages that carry none, by name
 * @param {{ of: string, text: string }[]} more further texts, such as those of libraries linked into a package
 * @throws Error naming every package whose text is not to be had
 */
export function noticesText(bom, licenses, more) {
  const texts = new Map();
  const add = (name, text) => {
    const whole = text.replaceAll('\r\n', '\n').trim();
    texts.set(whole, [...(texts.get(whole) ?? []), name]);
  };
  const missing = [];
  for (const component of bom.components) {
    if (isOurs(component) || isLeftOut(component)) continue;
    const name = packageName(component);
    const title = `${name} ${component.version} (${licenseNames(component).join(', ')})`;
    const found = carriedTexts(component);
    const instead = licenses[name] ?? standardText(component);
    if (found.length > 0) for (const text of found) add(title, text);
    else if (instead !== undefined) add(title, instead);
    else missing.push(title);
  }
  if (missing.length > 0)
    throw new Error(
      `no licence text for ${missing.join('; ')}: the package carries none, and its licence names an owner. ` +
        'Give the text in `licenses` of the parts',
    );
  for (const { of, text } of more) add(of, text);
  const sections = [...texts].map(([text, names]) => `${LINE}\n${names.join('\n')}\n${LINE}\n\n${text}\n`).sort();
  return [
    `${bom.metadata.component.name} contains the software of others that is named below, each under its own licence.`,
    'sbom.cdx.json lists all of it. The packages of the operating system name their licences where the system keeps them.',
    '',
    ...sections,
  ].join('\n');
}

function licenseNames({ licenses = [] }) {
  return licenses.map(({ license, expression }) => expression ?? license.id ?? license.name);
}

function carriedTexts({ evidence }) {
  return (evidence?.licenses ?? []).map(({ license: { text } }) =>
    Buffer.from(text.content, text.encoding === 'base64' ? 'base64' : 'utf8').toString('utf8'),
  );
}

/** Licences whose text names no owner, and is therefore the same for every package. */
const NAMES_NO_OWNER = /^(Apache-2\.0|MPL-2\.0|L?GPL-[23]\.\d(-or-later|-only)?)$/;

function standardText(component) {
  const list = createRequire(import.meta.url)('spdx-license-list/full');
  const ids = licenseNames(component);
  return ids.length > 0 && ids.every((id) => NAMES_NO_OWNER.test(id))
    ? ids.map((id) => list[id].licenseText).join('\n\n')
    : undefined;
}
