// The container's health check, without curl or a shell: exit code 0 while the service answers. The build fills in the
// app's own port.
'use strict';
const { get } = require('node:http');

const port = process.env.PORT ?? DEFAULT_PORT;
const request = get({ host: '127.0.0.1', port, path: '/health', timeout: 4000 }, (response) => {
  response.resume();
  process.exitCode = response.statusCode === 200 ? 0 : 1;
});
request.on('timeout', () => request.destroy(new Error('no answer within 4 s')));
request.on('error', (error) => {
  console.error(`no health at port ${port}: ${error.message}`);
  process.exitCode = 1;
});
