import { runMain } from '@strata/worker-runtime/main';

void runMain();
