import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { toSampler } from './start-tracing.ts';

const MAIN = new URL('../main.ts', import.meta.url).pathname;
const WAIT = { timeout: 600_000, interval: 50 };

interface Received {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: string;
}

/** A fake collector. */
async function startCollector(): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const body = (await request.toArray()).join('');
    received.push({ path: request.url ?? '', authorization: request.headers.authorization, body });
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
}

/** Logs which modules of OpenTelemetry a process imports. */
const TELL_IMPORTS = `import { registerHooks } from 'node:module';
registerHooks({ resolve(name, context, next) {
  if (name.startsWith('@opentelemetry/')) process.stdout.write('IMPORTS ' + name + '\\n');
  return next(name, context);
} });`;

/** The API's own process, ready, and its output. */
async function startApi(
  env: Record<string, string>,
): Promise<{ process: ChildProcess; url: string; output: () => string }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'espejo-traced-'));
  const child = spawn(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(TELL_IMPORTS)}`, MAIN],
    {
      env: { PATH: process.env.PATH, API_PORT: '0', ESPEJO_DATA_DIR: dataDir, ESPEJO_SYNC_ENABLED: 'false', ...env },
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
    rmSync(dataDir, { recursive: true, force: true });
  });
  const url = await vi.waitUntil(() => /Server listening at (http:\/\/127[^"]+)/.exec(out)?.[1], WAIT);
  await vi.waitUntil(async () => (await fetch(`${url}/readyz`)).ok, WAIT);
  return { process: child, url, output: () => out };
}

it('a stop sends the pending spans to the collector of the standard variables', async () => {
  const collector = await startCollector();
  const api = await startApi({
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20collector-key',
    OTEL_SERVICE_NAME: 'espejo-of-the-test',
    ESPEJO_API_KEY: 'automation-key-of-the-test',
  });
  await fetch(`${api.url}/api/status`, { headers: { authorization: 'Bearer automation-key-of-the-test' } });
  api.process.kill('SIGTERM');
  await once(api.process, 'exit');
  expect(api.process.exitCode).toBe(0);

  const [first] = collector.received;
  expect(first).toMatchObject({ path: '/v1/traces', authorization: 'Bearer collector-key' });
  const sent = collector.received.map(({ body }) => body).join('\n');
  expect(sent).toContain('"espejo-of-the-test"');
  expect(sent).toContain('"GET /api/status"');
  expect(sent).not.toContain('key-of-the-test');
  expect(api.output()).toContain('IMPORTS @opentelemetry/sdk-trace\n');
});

it('without a collector the SDK is not loaded', async () => {
  const api = await startApi({});
  expect(api.output()).toContain('IMPORTS @opentelemetry/api\n');
  expect(api.output()).not.toMatch(/IMPORTS @opentelemetry\/(sdk|exporter|resources|core)/);
});

describe('OTEL_TRACES_SAMPLER', () => {
  it.each([
    ['always_on', AlwaysOnSampler],
    ['always_off', AlwaysOffSampler],
    ['traceidratio', TraceIdRatioBasedSampler],
    ['parentbased_always_off', ParentBasedSampler],
    ['parentbased_traceidratio', ParentBasedSampler],
  ] as const)('selects the sampler for %s', (sampler, kind) => {
    expect(toSampler({ sampler, ratio: 0.5 })).toBeInstanceOf(kind);
  });

  it('follows the decision of the caller, and its own ratio otherwise', () => {
    expect(toSampler({ sampler: 'parentbased_traceidratio', ratio: 0.5 }).toString()).toMatch(
      /^ParentBased\{root=TraceIdRatioBased\{0\.5\}/,
    );
  });
});
