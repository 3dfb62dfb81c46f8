import { once } from 'node:events';
import { connect } from 'node:net';

/** Sends raw bytes and returns the whole answer. */
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
