import { mkdtempSync, rmSync } from 'node:fs';
import type { ListenOptions } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createUnaryServer, type UnaryMethod } from '../grpc/unary-server.ts';
import type { Provider } from '../provider.ts';
import { type MethodName, PROVIDER_METHODS } from '../wire/messages.ts';
import { decodeMessage, encodeMessage } from '../wire/protobuf.ts';
import { createCertificate } from './certificate.ts';
import { handshakeLine, readLaunch } from './handshake.ts';
import { createLog, type Log, logLevelOf } from './log.ts';
import { createProviderService, type ProviderService } from './provider-service.ts';

/** The message size limit of core. */
const MESSAGE_BYTES_MAX = 256 * 2 ** 20;
const PARENT_CHECK_MS = 2_000;
const END_AFTER_MS = 1_000;

/**
 * Runs a provider as the process that Terraform starts: prints the handshake, serves until core calls Shutdown, and
 * removes its socket. SIGINT is ignored, because core calls Shutdown itself and waits for running calls; when core dies,
 * running calls are stopped and this process exits.
 */
export async function serveProvider<Client>(makeProvider: (log: Log) => Provider<Client>): Promise<void> {
  const handshake = process.stdout.write.bind(process.stdout);
  // Core reads the handshake from stdout. Any other output there would break it.
  process.stdout.write = process.stderr.write.bind(process.stderr) as typeof process.stdout.write;

  const read = readLaunch(process.env);
  if (!read.isOk) {
    // If a provider ends early, core shows the first line of stdout and nothing of stderr.
    handshake(`${read.reason}\n`);
    process.exitCode = 1;
    return;
  }
  const { launch } = read;
  let service: ProviderService | undefined;
  const log = createLog((line) => process.stderr.write(line), {
    module: 'provider',
    levelMin: logLevelOf(process.env),
    now: () => new Date(),
    redact: (text) => service?.redact(text) ?? text,
  });
  service = createProviderService(makeProvider(log));
  const certificate = launch.clientCertPem === null ? null : createCertificate(Date.now());
  const place = placeFor(launch.socketDir);
  let isEnding = false;
  const end = async (code: number, why: string): Promise<void> => {
    if (isEnding) return;
    isEnding = true;
    log('debug', 'ending', { why });
    await service.close();
    place.remove();
    // Running calls, Shutdown included, are answered, but an open connection does not delay the exit.
    setTimeout(() => process.exit(code), END_AFTER_MS);
    await server.close();
    process.exit(code);
  };
  const methods = methodsOf(service, () => void end(0, 'Shutdown'), log);
  const server = createUnaryServer(methods, {
    messageBytesMax: MESSAGE_BYTES_MAX,
    tls:
      certificate === null || launch.clientCertPem === null
        ? null
        : { ...certificate, clientCertPem: launch.clientCertPem },
  });
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => void end(0, 'SIGTERM'));
  process.on('SIGHUP', () => undefined);
  process.on('exit', place.remove);
  watchParent(() => void end(1, 'core is gone'));

  const port = await server.listen(place.listenAt);
  handshake(handshakeLine(place.address(port), certificate?.der ?? null, launch));
}

interface Place {
  readonly listenAt: ListenOptions;
  address(port: number): { network: 'unix' | 'tcp'; text: string };
  remove(): void;
}

/** A socket in a folder that only this user can enter; on Windows a loopback port. */
function placeFor(socketDir: string | null): Place {
  if (process.platform === 'win32') {
    return {
      listenAt: { host: '127.0.0.1', port: 0 },
      address: (port) => ({ network: 'tcp', text: `127.0.0.1:${port}` }),
      remove: () => undefined,
    };
  }
  const folder = mkdtempSync(join(socketDir ?? tmpdir(), 'tfp-'));
  const path = join(folder, 's');
  return {
    listenAt: { path },
    address: () => ({ network: 'unix', text: path }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** stdin is core's own and stays open, so a dead core is only visible as a changed parent process. */
function watchParent(onGone: () => void): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) onGone();
  }, PARENT_CHECK_MS).unref();
}

/** Every method that core calls, by its path. */
function methodsOf(service: ProviderService, onShutdown: () => void, log: Log): ReadonlyMap<string, UnaryMethod> {
  const methods = new Map<string, UnaryMethod>();
  for (const [name, { request, response }] of Object.entries(PROVIDER_METHODS)) {
    const handle = service.handlers[name as MethodName];
    methods.set(`/tfplugin6.Provider/${name}`, async (bytes) => {
      const startedMs = performance.now();
      const message = decodeMessage(request, bytes);
      const answer = await handle(message);
      const tookMs = Math.round(performance.now() - startedMs);
      log('trace', name, { type: message.typeName || undefined, tookMs });
      return encodeMessage(response, answer);
    });
  }
  methods.set('/plugin.GRPCController/Shutdown', async () => {
    onShutdown();
    return new Uint8Array();
  });
  return methods;
}
