import { resolve } from 'node:path';
import { Aspects, DataResource, LocalBackend, TerraformResource, type TerraformStack } from 'cdktf';

const GUARD_ID = 'fixtures-are-for-planning-only';
const LOGICAL_ID = 'fixtures_are_for_planning_only';

/**
 * Ensures that a stack with fixtures can be planned but never applied.
 *
 * The stack plans against an empty local state instead of its backend: Terraform does not order destroys after the
 * guard, so a real state would lose what the configuration no longer has. And nothing can be created:
 *
 * Every resource waits for a guard whose precondition compares `timestamp()`: unknown during plan, so the check is
 * deferred, and known (so failing) as soon as apply starts. Nothing is created, not even the guard.
 */
export function guardFixtures(stack: TerraformStack): void {
  if (stack.node.tryFindChild(GUARD_ID) !== undefined) return;
  stack.node.tryRemoveChild('backend');
  new LocalBackend(stack, { path: resolve('.strata/fixtures', `${stack.node.path}.tfstate`) });
  const guard = new DataResource(stack, GUARD_ID, {});
  guard.overrideLogicalId(LOGICAL_ID);
  guard.addOverride('lifecycle.precondition', [
    {
      // Terraform requires a condition to refer to something; the workspace always exists.
      condition: '${terraform.workspace == timestamp()}',
      error_message:
        `layer "${stack.node.id}" was synthesized with fixtures in place of its neighbours' contracts, which ` +
        'is for planning only; nothing was applied. Synthesize it without fixtures and deploy again.',
    },
  ]);
  Aspects.of(stack).add({
    visit: (node) => {
      if (!TerraformResource.isTerraformResource(node) || node === guard) return;
      node.dependsOn = [...(node.dependsOn ?? []), `terraform_data.${LOGICAL_ID}`];
    },
  });
}
