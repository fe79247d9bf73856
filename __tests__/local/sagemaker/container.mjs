// A small inference container for the tests: SageMaker's hosting contract, and a model that is a JSON file.
// model.json: { "answer": …, "startMilliseconds"?, "answerMilliseconds"?, "status"?, "broken"?: "why" }
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

if (process.argv[2] !== 'serve') throw new Error('the container is started with the word serve');
const model = JSON.parse(readFileSync(join(process.env.MODEL_DIR, 'model.json'), 'utf8'));
if (model.broken !== undefined) {
  process.stdout.write(`${JSON.stringify({ message: `model.json: ${model.broken}` })}\n`);
  process.exit(1);
}
let healthy = false;
setTimeout(() => (healthy = true), model.startMilliseconds ?? 0);

const server = createServer(async (request, response) => {
  if (request.url === '/ping') return response.writeHead(healthy ? 200 : 503).end();
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  await pause(model.answerMilliseconds ?? 0);
  if (body.toString() === 'die') process.exit(3);
  process.stdout.write(`invoked with ${body.length} bytes\n`);
  const attributes = request.headers['x-amzn-sagemaker-custom-attributes'];
  response.writeHead(model.status ?? 200, {
    'content-type': 'application/json',
    ...(attributes === undefined ? {} : { 'x-amzn-sagemaker-custom-attributes': attributes }),
  });
  response.end(
    JSON.stringify({
      answer: model.answer,
      bytes: body.length,
      headers: request.headers,
      variable: process.env.VARIABLE,
      pid: process.pid,
    }),
  );
});
server.keepAliveTimeout = model.keepAliveMilliseconds ?? 5000;
server.listen(Number(process.env.SAGEMAKER_BIND_TO_PORT), process.env.HOST);
process.on('SIGTERM', () => server.close(() => process.exit(0)));
