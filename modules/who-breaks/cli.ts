#!/usr/bin/env node
import { whoBreaksCommand } from './command';

void whoBreaksCommand(process.argv.slice(2), {
  directory: process.cwd(),
  usage: 'npx strata-who-breaks',
  write: (text) => process.stdout.write(text),
}).then((code) => {
  process.exitCode = code;
});
