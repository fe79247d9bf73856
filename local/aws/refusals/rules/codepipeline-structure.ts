import type { Reading } from '../ask-aws';
import type { Rule } from './rule';

export const codepipelineStructure: Rule = {
  service: 'codepipeline',
  operations: ['CreatePipeline', 'UpdatePipeline'],
  what: 'a pipeline of fewer than two stages, with sources elsewhere than in the first one, two actions of one name, or an input that no action before gives out',
  source: 'https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-pipeline-structure.html',
  check({ input }) {
    const stages: Reading[] = input.pipeline?.stages ?? [];
    if (stages.length < 2)
      return {
        code: 'InvalidStructureException',
        message: 'Pipeline has only 1 stage(s). There should be a minimum of 2 stages in a pipeline',
      };
    const given = new Set<string>();
    for (const [index, stage] of stages.entries()) {
      const actions: Reading[] = stage.actions ?? [];
      const isSource = ({ actionTypeId }: Reading): boolean => actionTypeId?.category === 'Source';
      if (index === 0 ? !actions.every(isSource) : actions.some(isSource))
        return {
          code: 'InvalidStructureException',
          message: `Pipeline stage '${stage.name}': the first stage has source actions only, and no other stage has any`,
        };
      const names = actions.map(({ name }) => name as string);
      const twice = names.find((name, at) => names.indexOf(name) !== at);
      if (twice !== undefined)
        return {
          code: 'InvalidStructureException',
          message: `Duplicate action name '${twice}' in stage '${stage.name}'`,
        };
      const ordered = [...actions].sort((one, other) => (one.runOrder ?? 1) - (other.runOrder ?? 1));
      for (const action of ordered) {
        const missing = (action.inputArtifacts ?? []).find(({ name }: Reading) => !given.has(name));
        if (missing !== undefined)
          return {
            code: 'InvalidActionDeclarationException',
            message: `Input Artifact Bundle ${missing.name} in action ${action.name} is not declared as Output Artifact Bundle in any of the preceding actions`,
          };
        for (const { name } of action.outputArtifacts ?? []) given.add(name);
      }
    }
    return undefined;
  },
};
