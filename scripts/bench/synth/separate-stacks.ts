// As many compute layers as BENCH_COPIES says, with one service each.
import { App } from 'cdktf';
import { ComputeStack } from '@strata/stack-compute';

const app = new App({ stackTraces: false });
for (let copy = 1; copy <= Number(process.env.BENCH_COPIES); copy++) {
  new ComputeStack(app, `compute-${copy}`, {
    project: 'bench',
    environment: 'dev',
    region: 'ap-northeast-2',
    state: { type: 'local' },
    config: { services: { 'app-web': false, 'app-was': false, [`service-${copy}`]: {} } },
  });
}
app.synth();
