import type { Step } from '../../support/e2e/journey';
import type { World } from '../../support/e2e/world';

export function brokenContractSteps(_step: Step, _world: World): void {}
