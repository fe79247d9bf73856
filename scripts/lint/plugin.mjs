// The rules of the house that no linter ships with. Loaded by oxlint (`jsPlugins` in .oxlintrc.json).
import { constructorShape } from './rules/constructor-shape.mjs';
import { declaredDependencies } from './rules/declared-dependencies.mjs';
import { deepImports } from './rules/deep-imports.mjs';
import { dependencyRule } from './rules/dependency-rule.mjs';
import { noCoreInstanceof } from './rules/no-core-instanceof.mjs';

export default {
  meta: { name: 'strata' },
  rules: {
    'constructor-shape': constructorShape,
    'declared-dependencies': declaredDependencies,
    'deep-imports': deepImports,
    'dependency-rule': dependencyRule,
    'no-core-instanceof': noCoreInstanceof,
  },
};
