// What a bundle of CDKTF leaves out or does first, for speed; the output is the same. Each is tied to a file of cdktf
// and to the text it changes there: where a later version has neither, it has no effect.
import { readFileSync } from 'node:fs';

/**
 * cdktf notes where each token was made, for messages that are rarely seen; in a large stack that is a third of the
 * time of a synth.
 */
export const withoutTokenTraces = {
  name: 'without-token-traces',
  setup: (build) => {
    build.onLoad({ filter: /[\\/]cdktf[\\/]lib[\\/]tokens[\\/]private[\\/]stack-trace\.js$/ }, () => ({
      contents: 'exports.captureStackTrace = () => [];',
    }));
  },
};

/**
 * cdktf resolves every key and value of a stack three times, each with a separate context. Most are plain: text
 * without a token, numbers that encode none, booleans. They resolve to themselves, so they skip the context.
 */
export const plainValuesFirst = {
  name: 'plain-values-first',
  setup: (build) => {
    build.onLoad({ filter: /[\\/]cdktf[\\/]lib[\\/]tokens[\\/]private[\\/]resolve\.js$/ }, ({ path }) => ({
      contents:
        readFileSync(path, 'utf8').replace(
          /makeContext\(([^()]*)\)\[0\]\.resolve\((\w+(?:\[\w+\])?)\)/g,
          '(isPlain($2) ? $2 : $&)',
        ) + isPlain,
    }));
  },
};

// Text tokens hold the marker, number tokens in text an exponent, tokens of maps are one of two texts; number tokens
// are negative.
const isPlain = `
function isPlain(value) {
  switch (typeof value) {
    case 'string': return !value.includes('TfToken[') && !value.includes('e+') && !value.endsWith('Map Token Value');
    case 'number': return value >= 0;
    case 'boolean': case 'undefined': return true;
    default: return value === null;
  }
}`;

/**
 * cdktf's file helpers load an archiver with everything it builds on, and to make an archive they run their own file,
 * which has to be there. Both are for assets: the file is loaded from where it is when the first one of them needs it.
 */
export const fileHelpersOnDemand = {
  name: 'file-helpers-on-demand',
  setup: (build) => {
    build.onResolve({ filter: /^on-demand:/ }, ({ path }) => ({
      path: path.slice('on-demand:'.length),
      external: true,
    }));
    build.onLoad({ filter: /[\\/]cdktf[\\/]lib[\\/]private[\\/]fs\.js$/ }, ({ path }) => {
      const names = [...readFileSync(path, 'utf8').matchAll(/^exports\.(\w+) = \1;$/gm)].map(([, name]) => name);
      const load = `require(${JSON.stringify(`on-demand:${path}`)})`;
      return { contents: names.map((name) => `exports.${name} = (...args) => ${load}.${name}(...args);`).join('\n') };
    });
  },
};
