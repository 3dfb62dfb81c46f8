import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:http2';
import { connect as connectSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, credentials, status } from '@grpc/grpc-js';
import { afterEach, describe, expect, it } from 'vitest';
import { createUnaryServer, type UnaryMethod, type UnaryServer } from './unary-server.ts';

/* The caller is the library of gRPC itself: what it understands, the caller in Terraform does too. */

const MESSAGE_BYTES_MAX = 8 * 2 ** 20;
const opened: { readonly server: UnaryServer; readonly clients: Client[]; readonly folder: string }[] = [];
afterEach(async () => {
  for (const { server, clients, folder } of opened.splice(0)) {
    for (const client of clients) client.close();
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

async function serve(methods: Readonly<Record<string, UnaryMethod>>) {
  const folder = mkdtempSync(join(tmpdir(), 'espejo-grpc-'));
  const path = join(folder, 's');
  const byPath = new Map(Object.entries(methods).map(([name, method]) => [`/test.Service/${name}`, method]));
  const server = createUnaryServer(byPath, { tls: null, messageBytesMax: MESSAGE_BYTES_MAX });
  await server.listen({ path });
  const clients: Client[] = [];
  opened.push({ server, clients, folder });
  const connectClient = (options: object = {}) => {
    const client = new Client(`unix:${path}`, credentials.createInsecure(), {
      'grpc.max_receive_message_length': -1,
      'grpc.max_send_message_length': -1,
      ...options,
    });
    clients.push(client);
    return client;
  };
  return { server, path, connectClient };
}

function start(client: Client, name: string, message: Uint8Array) {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const call = client.makeUnaryRequest(
    `/test.Service/${name}`,
    (value: Uint8Array) => Buffer.from(value),
    (bytes: Buffer) => bytes,
    message,
    (error, answer) => (error === null && answer !== undefined ? resolve(answer) : reject(error)),
  );
  return { call, answer: promise };
}
const call = (client: Client, name: string, message: Uint8Array) => start(client, name, message).answer;

const echo: UnaryMethod = async (bytes) => bytes;
const bytesOf = (sizeBytes: number, fill = 7) => Buffer.alloc(sizeBytes, fill);

describe('a gRPC server of unary calls', () => {
  it('answers messages of any size up to its limit, many of them at once', async () => {
    const { connectClient } = await serve({ Echo: echo });
    const client = connectClient();
    for (const sizeBytes of [0, 1, 70_000, MESSAGE_BYTES_MAX - 5]) {
      const sent = bytesOf(sizeBytes);
      expect((await call(client, 'Echo', sent)).equals(sent), `${sizeBytes} bytes`).toBe(true);
    }
    const sent = Array.from({ length: 300 }, (_, index) => Buffer.from(`message ${index}`));
    const answers = await Promise.all(sent.map((message) => call(client, 'Echo', message)));
    expect(answers.map(String)).toEqual(sent.map(String));
  });

  it('accepts new calls while large answers are being sent', async () => {
    const { connectClient } = await serve({ Echo: echo, Big: async () => bytesOf(5_000_000) });
    const client = connectClient();
    const answers: Promise<Buffer>[] = [];
    // A small call after each large one: they arrive while the answers of the large ones are queued.
    for (let n = 0; n < 20; n += 1) {
      answers.push(call(client, 'Big', bytesOf(1)), call(client, 'Echo', bytesOf(1)));
      await new Promise((resolve) => setImmediate(resolve));
    }
    const sizes = (await Promise.all(answers)).map(({ length }) => length);
    expect(sizes).toEqual(Array.from({ length: 20 }, () => [5_000_000, 1]).flat());
  });

  it('ends a call with an error status when a method throws or is unknown, and stays up', async () => {
    const { connectClient } = await serve({
      Echo: echo,
      Throw: () => Promise.reject(new Error('Nicht möglich: 100 %\n(zweite Zeile)')),
    });
    const client = connectClient();
    await expect(call(client, 'Throw', bytesOf(1))).rejects.toMatchObject({
      code: status.INTERNAL,
      details: 'Nicht möglich: 100 %\n(zweite Zeile)',
    });
    await expect(call(client, 'Missing', bytesOf(200_000))).rejects.toMatchObject({
      code: status.UNIMPLEMENTED,
      details: 'There is no method /test.Service/Missing.',
    });
    expect(String(await call(client, 'Echo', Buffer.from('still here')))).toBe('still here');
  });

  it('rejects messages beyond its limit in both directions, and stays up', async () => {
    const { connectClient } = await serve({ Echo: echo, Big: async () => bytesOf(MESSAGE_BYTES_MAX + 1) });
    const client = connectClient();
    const refused = { code: status.RESOURCE_EXHAUSTED };
    await expect(call(client, 'Echo', bytesOf(MESSAGE_BYTES_MAX + 1))).rejects.toMatchObject(refused);
    await expect(call(client, 'Big', bytesOf(1))).rejects.toMatchObject(refused);
    expect(String(await call(client, 'Echo', Buffer.from('still here')))).toBe('still here');
  });

  it('closes after rejecting a call although the caller stays connected and has more to send', async () => {
    const { server, path } = await serve({});
    const session = connect('http://localhost', { createConnection: () => connectSocket({ path }) });
    const stream = session.request({
      ':method': 'POST',
      ':path': '/test.Service/Missing',
      'content-type': 'application/grpc',
    });
    stream.on('error', () => undefined).resume();
    stream.write(bytesOf(30_000));
    const ended = once(stream, 'close');
    await once(stream, 'response');
    stream.end(bytesOf(200_000));
    await server.close();
    await ended;
    session.destroy();
  });

  it('rejects compressed messages with UNIMPLEMENTED, so that the caller can send them uncompressed', async () => {
    const { connectClient } = await serve({ Echo: echo });
    const gzip = 2;
    await expect(
      call(connectClient({ 'grpc.default_compression_algorithm': gzip }), 'Echo', bytesOf(10_000)),
    ).rejects.toMatchObject({ code: status.UNIMPLEMENTED });
  });

  it('rejects requests that are not gRPC', async () => {
    const { path } = await serve({ Echo: echo });
    const session = connect('http://localhost', { createConnection: () => connectSocket({ path }) });
    const answers = await Promise.all(
      [
        { ':method': 'POST', ':path': '/test.Service/Echo' },
        { ':method': 'POST', ':path': '/test.Service/Echo', 'content-type': 'application/grpc' },
      ].map(async (headers) => {
        const stream = session.request(headers).end('not a message');
        const [answer] = await once(stream, 'response');
        stream.resume();
        return [answer[':status'], answer['grpc-status']];
      }),
    );
    session.close();
    expect(answers).toEqual([
      [415, undefined],
      [200, String(status.INTERNAL)],
    ]);
  });

  it('stays up when a caller cancels a call', async () => {
    const begun = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    const { connectClient } = await serve({
      Echo: echo,
      Slow: async (bytes) => {
        begun.resolve();
        await held.promise;
        return bytes;
      },
    });
    const client = connectClient();
    const slow = start(client, 'Slow', bytesOf(1));
    await begun.promise;
    slow.call.cancel();
    await expect(slow.answer).rejects.toMatchObject({ code: status.CANCELLED });
    held.resolve();
    expect(String(await call(client, 'Echo', Buffer.from('still here')))).toBe('still here');
  });

  it('answers running calls when it closes and accepts no new ones', async () => {
    const begun = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    const { server, connectClient } = await serve({
      Echo: echo,
      Slow: async (bytes) => {
        begun.resolve();
        await held.promise;
        return bytes;
      },
    });
    const slow = call(connectClient(), 'Slow', Buffer.from('to the end'));
    await begun.promise;
    const closed = server.close();
    await expect(call(connectClient(), 'Echo', bytesOf(1))).rejects.toMatchObject({ code: status.UNAVAILABLE });
    held.resolve();
    expect(String(await slow)).toBe('to the end');
    await closed;
  });
});
