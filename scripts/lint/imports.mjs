/**
 * Visitor for everything that names another module: import, export from, import(), require(), import type and
 * `import x = require()`. `visit` gets the specifier and the node to point at.
 */
export function visitImports(visit) {
  const literal = (node) => {
    if (node?.type === 'Literal' && typeof node.value === 'string') visit(node.value, node);
    else if (node?.type === 'TSLiteralType') literal(node.literal);
  };
  return {
    ImportDeclaration: (node) => literal(node.source),
    ExportNamedDeclaration: (node) => literal(node.source),
    ExportAllDeclaration: (node) => literal(node.source),
    ImportExpression: (node) => literal(node.source),
    TSImportType: (node) => literal(node.source ?? node.argument),
    TSExternalModuleReference: (node) => literal(node.expression),
    CallExpression: (node) => {
      const { callee } = node;
      const isRequire = callee.type === 'Identifier' && callee.name === 'require';
      const isResolve =
        callee.type === 'MemberExpression' && callee.object.name === 'require' && callee.property.name === 'resolve';
      if (isRequire || isResolve) literal(node.arguments[0]);
    },
  };
}
