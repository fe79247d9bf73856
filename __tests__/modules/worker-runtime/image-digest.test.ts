import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { imageDigest } from '../../../modules/worker-runtime/task/image-digest';

const DIGEST = `sha256:${'0a'.repeat(32)}`;

async function from(answer: string): Promise<string | undefined> {
  const server = createServer((_, response) => response.end(answer));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const found = await imageDigest(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v4/task`);
  server.close();
  return found;
}

test('the digest of the image is what ECS says of this container', async () => {
  expect(await from(JSON.stringify({ DockerId: 'a', Image: 'example.com/a:1', ImageID: DIGEST }))).toBe(DIGEST);
});

test.each([['no JSON'], ['{}'], [JSON.stringify({ ImageID: 'a:1' })]])('%s says nothing', async (answer) => {
  expect(await from(answer)).toBeUndefined();
});

test('outside of ECS nobody says it', async () => {
  expect(await imageDigest(undefined)).toBeUndefined();
  expect(await imageDigest('http://127.0.0.1:9/')).toBeUndefined();
});
