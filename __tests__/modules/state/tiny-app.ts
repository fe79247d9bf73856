// An app for the CDKTF CLI: the layer `network` with its state where the test says.
import { App } from 'cdktf';
import type { StateBackend } from '@strata/state';
import { networkStack } from './tiny-layers';

const app = new App();
networkStack(app, JSON.parse(process.env.TINY_APP_STATE ?? '{}') as StateBackend);
app.synth();
