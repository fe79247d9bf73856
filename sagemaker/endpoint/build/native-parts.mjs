// Describes what native-modules.mjs has gathered, for the SBOM and the notices of an image.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const MIT = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

/**
 * @param {ReadonlyMap<string, string>} sources package -> folder it was taken from
 * @param {string | undefined} library path of libjpeg-turbo's library
 * @param {string} workspace folder that paths are relative to
 */
export function describeParts(sources, library, workspace) {
  const turbojpeg = library === undefined ? undefined : describeTurbojpeg();
  const libvips = [...sources].filter(([name]) => name.startsWith('@img/sharp-libvips-'));
  return {
    packages: [...sources.values()].map((folder) => relative(workspace, join(folder, 'package.json'))),
    components: turbojpeg === undefined ? [] : [turbojpeg.component],
    inside: Object.fromEntries(libvips.map(([name, folder]) => [name, linkedLibraries(folder)])),
    licenses: packageLicenses(sources),
    texts: [
      ...libvips.map(([name, folder]) => ({
        of: `the libraries in ${name}, at whose address their sources are: https://github.com/lovell/sharp-libvips`,
        text: section(readFileSync(join(folder, 'README.md'), 'utf8'), '## Licensing'),
      })),
      { of: 'the libraries in onnxruntime-node', text: onnxruntimeNotices(sources.get('onnxruntime-node')) },
      ...(turbojpeg === undefined ? [] : [turbojpeg.notice]),
    ],
  };
}

/** Texts for the packages that come without one. */
function packageLicenses(sources) {
  const koffi = readFileSync(join(sources.get('koffi'), 'LICENSE.txt'), 'utf8');
  const microsoft = `MIT License\n\nCopyright (c) Microsoft Corporation\n\n${MIT}`;
  return {
    'onnxruntime-node': microsoft,
    'onnxruntime-common': microsoft,
    ...Object.fromEntries(
      [...sources.keys()].filter((name) => name.startsWith('@koromix/')).map((name) => [name, koffi]),
    ),
  };
}

function linkedLibraries(folder) {
  return Object.entries(JSON.parse(readFileSync(join(folder, 'versions.json'), 'utf8'))).map(([name, version]) => ({
    type: 'library',
    name,
    version,
    'bom-ref': `libvips/${name}`,
  }));
}

/** npm's package lacks the notices that Microsoft publishes with every other form of the library. */
function onnxruntimeNotices(folder) {
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = new URL(`third-party/onnxruntime-${version}.txt`, import.meta.url);
  if (!existsSync(file))
    throw new Error(
      `onnxruntime-node ${version}: its notices are not in sagemaker/endpoint/build/third-party. Put ` +
        `ThirdPartyNotices.txt of https://github.com/microsoft/onnxruntime at v${version} there, as ` +
        `onnxruntime-${version}.txt, in place of the former version's`,
    );
  return readFileSync(file, 'utf8');
}

/** Debian's package, as its database and its copyright file describe it. */
function describeTurbojpeg() {
  const name = 'libturbojpeg0';
  const { status, stdout } = spawnSync('dpkg-query', ['-W', '-f', '${Version} ${Architecture}', name], {
    encoding: 'utf8',
  });
  const copyright = `/usr/share/doc/${name}/copyright`;
  if (status !== 0 || !existsSync(copyright))
    throw new Error(`libturbojpeg.so.0 is here, but not as Debian's package ${name}; install that`);
  const [version, architecture] = stdout.split(' ');
  return {
    component: {
      type: 'library',
      name,
      version,
      'bom-ref': name,
      licenses: [{ license: { name: 'IJG AND BSD-3-Clause AND Zlib' } }],
      purl: `pkg:deb/debian/${name}@${encodeURIComponent(version)}?arch=${architecture}`,
    },
    notice: { of: `${name} ${version}`, text: readFileSync(copyright, 'utf8') },
  };
}

function section(text, heading) {
  const [, rest = ''] = text.split(`${heading}\n`);
  return rest.split('\n## ', 1)[0];
}
