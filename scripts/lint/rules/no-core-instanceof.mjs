// Two copies of the core in one process make `instanceof` false for a perfectly good construct.
const core = /^(cdktf|cdktn|constructs)$|^@cdk(tf|tn)\//;

export const noCoreInstanceof = {
  meta: { type: 'problem', docs: { description: 'no instanceof on classes of the core or a provider' } },
  create(context) {
    const imported = new Map();
    return {
      ImportDeclaration(node) {
        if (!core.test(node.source.value)) return;
        for (const specifier of node.specifiers)
          imported.set(specifier.local.name, specifier.imported?.name ?? specifier.local.name);
      },
      BinaryExpression(node) {
        if (node.operator !== 'instanceof') return;
        const { right } = node;
        const local = right.type === 'MemberExpression' ? right.object.name : right.name;
        if (!imported.has(local)) return;
        const name = right.type === 'MemberExpression' ? right.property.name : imported.get(local);
        context.report({
          node,
          message:
            `no core instanceof: "instanceof ${name}" fails when two copies of the core are loaded; use the ` +
            `class's own test, ` +
            'such as TerraformStack.isStack(x), TerraformElement.isTerraformElement(x) or Construct.isConstruct(x)',
        });
      },
    };
  },
};
