// The provider's barrel costs seconds and half a gigabyte; the core's inner files are not there in its maintained fork.
import { visitImports } from '../imports.mjs';

const core = /^(cdktf|cdktn|constructs)\/(?!package\.json$)/;
const provider = /^(@cdk(?:tf|tn)\/provider-[^/]+)(?:\/(.*))?$/;
const oneResource = /^(?:package\.json|lib\/(?!index(?:\.js)?$)[^/]+)$/;

export const deepImports = {
  meta: {
    type: 'problem',
    docs: { description: 'import one resource of a provider at a time, and nothing from inside the core' },
  },
  create(context) {
    return visitImports((specifier, node) => {
      const fromCore = core.exec(specifier);
      if (fromCore) {
        context.report({
          node,
          message:
            `deep imports: "${specifier}" is a file inside ${fromCore[1]}; import what it exports from ` +
            `"${fromCore[1]}"`,
        });
        return;
      }
      const fromProvider = provider.exec(specifier);
      if (fromProvider && !oneResource.test(fromProvider[2] ?? '')) {
        context.report({
          node,
          message:
            `deep imports: "${specifier}" loads the whole provider; import one resource, such as ` +
            `"${fromProvider[1]}/lib/vpc"`,
        });
      }
    });
  },
};
