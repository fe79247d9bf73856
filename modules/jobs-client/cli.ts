#!/usr/bin/env node
// The command `strata-jobs`: jobs of a jobs layer on the command line.
import { jobsCommand } from './command/jobs-command';

void jobsCommand(process.argv.slice(2), {
  environment: process.env,
  write: (text) => void process.stdout.write(text),
  say: (text) => void process.stderr.write(text),
}).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
