import { once } from 'node:events';
import { connect } from 'node:net';

/** Sends bytes as they are, which no HTTP client would, and answers all that came back. */
export async function sendRaw(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let reply = '';
  socket.on('data', (chunk) => {
    reply += String(chunk);
  });
  socket.on('error', () => undefined);
  socket.end(bytes);
  await once(socket, 'close');
  return reply;
}
