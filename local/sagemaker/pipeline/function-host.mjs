// Stands for Lambda's Node.js runtime: one event for one handler, in a separate process.
import { randomUUID } from 'node:crypto';
import { pathToFileURL } from 'node:url';

process.once('message', async ({ file, handler, event, arn, name, timeoutMilliseconds }) => {
  const deadline = Date.now() + timeoutMilliseconds;
  let message;
  try {
    const module = await import(pathToFileURL(file).href);
    const run = module[handler] ?? module.default?.[handler];
    if (typeof run !== 'function') throw new Error(`${file} exports no function "${handler}"`);
    const context = {
      functionName: name,
      invokedFunctionArn: arn,
      awsRequestId: randomUUID(),
      getRemainingTimeInMillis: () => deadline - Date.now(),
    };
    // Lambda's answers are JSON.
    message = { answer: JSON.parse(JSON.stringify((await run(event, context)) ?? null)) };
  } catch (error) {
    process.stderr.write(`${error?.stack ?? error}\n`);
    message = { error: error?.message ?? String(error) };
  }
  // Whatever the function left open, such as idle connections, must not keep the process alive.
  process.send(message, () => process.exit(0));
});
