import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type ChannelCredentials, Client, credentials, status } from '@grpc/grpc-js';
import { afterEach, describe, expect, it } from 'vitest';
import { Empty, type Method, PROVIDER_METHODS } from '../wire/messages.ts';
import { decodeMessage, encodeMessage, type Message } from '../wire/protobuf.ts';
import { type Certificate, createCertificate, toPem } from './certificate.ts';

const MAIN = fileURLToPath(new URL('../testing/example-main.ts', import.meta.url));
const COOKIE = 'd602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2';

const children = new Set<ChildProcess>();
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
});

async function start(env: Record<string, string>) {
  const child = spawn(process.execPath, [MAIN], { env: { PATH: process.env.PATH, NODE_NO_WARNINGS: '1', ...env } });
  children.add(child);
  const out: string[] = [];
  const err: string[] = [];
  child.stdout.on('data', (chunk) => out.push(String(chunk)));
  child.stderr.on('data', (chunk) => err.push(String(chunk)));
  const exited = once(child, 'close').then(([code]) => code as number | null);
  await Promise.race([once(child.stdout, 'data'), exited]);
  const [, , network, address = '', , cert = ''] = out.join('').trim().split('|');
  return { child, exited, out: () => out.join(''), err: () => err.join(''), network, address, serverCert: cert };
}

const launched = (core: Certificate) => start({ TF_PLUGIN_MAGIC_COOKIE: COOKIE, PLUGIN_CLIENT_CERT: core.certPem });

/** One call like core's. */
function call(
  address: string,
  channel: ChannelCredentials,
  path = '/tfplugin6.Provider/GetProviderSchema',
  { request, response }: Method = PROVIDER_METHODS.GetProviderSchema,
): Promise<Message> {
  const client = new Client(`unix:${address}`, channel, {
    'grpc.ssl_target_name_override': 'localhost',
    'grpc.default_authority': 'localhost',
  });
  return new Promise<Message>((resolve, reject) => {
    client.makeUnaryRequest(
      path,
      (message: Message) => encodeMessage(request, message),
      (bytes: Buffer) => decodeMessage(response, bytes),
      {},
      { deadline: Date.now() + 300_000 },
      (error, answer) => (error === null && answer !== undefined ? resolve(answer) : reject(error)),
    );
  }).finally(() => client.close());
}

const pem = (base64: string) => Buffer.from(toPem(Buffer.from(base64, 'base64')));
const secure = (root: Buffer, own?: Certificate) =>
  credentials.createSsl(root, own && Buffer.from(own.keyPem), own && Buffer.from(own.certPem));

describe('a provider as a process', () => {
  it('serves core, identified by its certificate, and no other client', async () => {
    const core = createCertificate(Date.now());
    const provider = await launched(core);
    const root = pem(provider.serverCert);
    const answer = await call(provider.address, secure(root, core));
    expect(Object.keys(answer.resourceSchemas)).toEqual(['example_note']);
    const stranger = createCertificate(Date.now());
    await expect(call(provider.address, secure(root))).rejects.toMatchObject({ code: status.UNAVAILABLE });
    await expect(call(provider.address, secure(root, stranger))).rejects.toMatchObject({ code: status.UNAVAILABLE });
    await expect(call(provider.address, credentials.createInsecure())).rejects.toMatchObject({
      code: status.UNAVAILABLE,
    });
    // Core also accepts no other server.
    await expect(call(provider.address, secure(Buffer.from(stranger.certPem), core))).rejects.toMatchObject({
      code: status.UNAVAILABLE,
    });
  });
  it('prints nothing but the handshake on stdout, and ends at Shutdown with its socket removed', async () => {
    const core = createCertificate(Date.now());
    const provider = await launched(core);
    expect(existsSync(provider.address)).toBe(true);
    const channel = secure(pem(provider.serverCert), core);
    await call(provider.address, channel, '/plugin.GRPCController/Shutdown', { request: Empty, response: Empty });
    expect(await provider.exited).toBe(0);
    expect(existsSync(provider.address)).toBe(false);
    expect(provider.out().trim().split('\n')).toEqual([expect.stringMatching(/^1\|6\|unix\|/)]);
    expect(provider.err()).toContain('printed by the provider');
  });
  it('ignores SIGINT, because core requests the shutdown itself', async () => {
    const core = createCertificate(Date.now());
    const provider = await launched(core);
    provider.child.kill('SIGINT');
    await expect(call(provider.address, secure(pem(provider.serverCert), core))).resolves.toBeDefined();
  });
  it('prints on stdout why it does not start, and exits with an error', async () => {
    const provider = await start({});
    expect(await provider.exited).toBe(1);
    expect(provider.out()).toContain('Terraform starts it');
  });
  it('exits when the process that started it is killed', async () => {
    const parent = spawn(
      process.execPath,
      [
        '-e',
        `require('node:child_process').spawn(process.execPath, [${JSON.stringify(MAIN)}], { stdio: 'inherit' }); setInterval(() => {}, 1000)`,
      ],
      { env: { PATH: process.env.PATH, NODE_NO_WARNINGS: '1', TF_PLUGIN_MAGIC_COOKIE: COOKIE } },
    );
    children.add(parent);
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const address = String(line).split('|')[3] ?? '';
    expect(existsSync(address)).toBe(true);
    // The provider shares its stdout, which closes when both are gone.
    const closed = once(parent, 'close');
    parent.kill('SIGKILL');
    await closed;
    expect(existsSync(address)).toBe(false);
  });
});
