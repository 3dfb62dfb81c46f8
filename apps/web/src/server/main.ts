/** The console's process: `npm start` runs it beside the API. `--dev` builds pages on request. */
import { createServer } from 'node:http';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import next from 'next';
import { readProxySettings } from '#lib/proxy/settings.ts';
import { createRequestListener } from './request-listener.ts';

// A function that is being compiled on another thread can keep a process from ending (nodejs/node#54918).
setFlagsFromString('--no-concurrent-sparkplug');

/** Other machines reach the console through a reverse proxy on this machine, which terminates TLS. */
const HOST = '127.0.0.1';
const FOLDER = fileURLToPath(new URL('../..', import.meta.url));

const port = Number(process.env.PORT || 3000);
const dev = process.argv.includes('--dev');
// Rejects an invalid setting at the start instead of at the first request.
readProxySettings();

const app = next({ dev, dir: FOLDER, hostname: HOST, port });
await app.prepare();
const server = createServer(createRequestListener(app.getRequestHandler(), () => readProxySettings()));
if (!dev) server.on('upgrade', (_request, socket) => socket.destroy());

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    // Requests in progress are completed; the parent process limits how long that may take.
    server.close(async () => {
      await app.close();
      process.exit(0);
    });
    server.closeIdleConnections();
  });
}
server.listen(port, HOST);
