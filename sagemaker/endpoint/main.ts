import './no-telemetry';
import { runService } from '@strata/service-runtime';
import { createApp } from './app';
import { usableCores } from './cores';
import { version } from './package.json';
import { settings } from './settings';
import { StartError } from './start-error';

/** sysexits.h: the command was used wrongly; something in the configuration is wrong. */
const EX_USAGE = 64;
const EX_CONFIG = 78;

function main(command: string): void {
  if (command !== 'serve') {
    process.stderr.write(`"${command}" is not a command of this image; it serves a model: docker run <image> serve\n`);
    process.exitCode = EX_USAGE;
    return;
  }
  const { env } = process;
  const { SAGEMAKER_BIND_TO_PORT: port } = env;
  if (port !== undefined && port !== '') env['PORT'] = port;
  // Photos are decoded on libuv's threads: 4 by default, and only configurable before the first one is needed.
  env['UV_THREADPOOL_SIZE'] ??= String(Math.max(4, usableCores()));
  void runService({
    service: 'model-endpoint',
    version,
    settings,
    createApp: (parts) => {
      const end = (error: Error): never => {
        const isKnown = error instanceof StartError;
        parts.logger.fatal(
          isKnown ? {} : { err: error },
          isKnown ? error.message : 'the model cannot be served any more',
        );
        process.exit(isKnown ? EX_CONFIG : 1);
      };
      try {
        return createApp(parts, end);
      } catch (error) {
        return end(error as Error);
      }
    },
  });
}

main(process.argv[2] ?? 'serve');
