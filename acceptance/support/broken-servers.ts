import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';

export interface TroubledServer extends AsyncDisposable {
  readonly url: string;
}

/** A server that answers every request the same bad way. */
export async function startTroubledServer(listener: RequestListener): Promise<TroubledServer> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return {
    url: `http://127.0.0.1:${address.port}/v1`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Accepts the request and never answers. */
export const hang: RequestListener = () => undefined;

/** Answers with an HTML page. */
export const serveHtml: RequestListener = (_request, response) => {
  response.writeHead(200, { 'content-type': 'text/html' });
  response.end('<!doctype html><title>Welcome to nginx!</title><h1>It works</h1>');
};

/** Repeats the caller's key in the error, as some gateways do. */
export const echoKey: RequestListener = (request, response) => {
  response.writeHead(401, { 'content-type': 'application/json' });
  response.end(
    JSON.stringify({ error: { message: `Invalid key ${request.headers.authorization}`, code: 'invalid_api_key' } }),
  );
};
