// Says what is in an image: a CycloneDX SBOM, and the licences of what others have made, beside the build's output.
// Usage: node cli.mjs <workspace> --metafile=<file> [--parts=<file>] --folder=<folder of the build>
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { noticesText } from './notices.mjs';
import { describeBundle, finished } from './sbom.mjs';

/** Names in the image, beside the server. */
const [SBOM, NOTICES] = ['sbom.cdx.json', 'THIRD-PARTY-NOTICES'];

const {
  values: { metafile, parts: partsFile, folder },
  positionals: [workspace],
} = parseArgs({
  allowPositionals: true,
  options: { metafile: { type: 'string' }, parts: { type: 'string' }, folder: { type: 'string' } },
});
if (workspace === undefined || metafile === undefined || folder === undefined || !existsSync(folder)) {
  console.error('Usage: node cli.mjs <workspace> --metafile=<file> [--parts=<file>] --folder=<folder of the build>');
  process.exit(1);
}

const read = (file) => JSON.parse(readFileSync(file, 'utf8'));
/** What the build has put beside the bundle: native packages and libraries. */
const nothing = { packages: [], components: [], inside: {}, licenses: {}, texts: [] };
const parts = { ...nothing, ...(partsFile !== undefined && read(partsFile)) };
const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
const bom = describeBundle(join(root, workspace), read(metafile), parts);
const node = join(dirname(process.execPath), '../LICENSE');
const texts = [
  ...parts.texts,
  ...(existsSync(node) ? [{ of: `Node.js ${process.versions.node}`, text: readFileSync(node, 'utf8') }] : []),
];
writeFileSync(join(folder, NOTICES), noticesText(bom, parts.licenses, texts));
writeFileSync(join(folder, SBOM), `${JSON.stringify(finished(bom, parts), null, 2)}\n`);
