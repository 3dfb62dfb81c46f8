import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createCertificate } from './certificate.ts';
import { handshakeLine, readLaunch } from './handshake.ts';
import { createLog, logLevelOf } from './log.ts';
import { createRedactor } from './redact.ts';

const COOKIE = 'd602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2';

describe('the handshake', () => {
  it('refuses to start without the cookie or for a core that does not support protocol 6', () => {
    expect(readLaunch({})).toMatchObject({ isOk: false, reason: expect.stringContaining('Terraform starts it') });
    expect(readLaunch({ TF_PLUGIN_MAGIC_COOKIE: COOKIE, PLUGIN_PROTOCOL_VERSIONS: '5' })).toMatchObject({
      isOk: false,
    });
    expect(readLaunch({ TF_PLUGIN_MAGIC_COOKIE: COOKIE, PLUGIN_PROTOCOL_VERSIONS: '6,5' })).toMatchObject({
      isOk: true,
    });
  });
  it('prints one line with the certificate in base64 without padding', () => {
    const launch = { clientCertPem: null, socketDir: null, isMultiplexAsked: false };
    const line = handshakeLine({ network: 'unix', text: '/tmp/s' }, Buffer.from('a'), launch);
    expect(line).toBe('1|6|unix|/tmp/s|grpc|YQ\n');
    expect(handshakeLine({ network: 'unix', text: '/tmp/s' }, null, { ...launch, isMultiplexAsked: true })).toBe(
      '1|6|unix|/tmp/s|grpc||false\n',
    );
  });
});

describe('the certificate', () => {
  it('is self-signed, for localhost, and valid now', () => {
    const nowMs = Date.UTC(2026, 5, 1);
    const parsed = new X509Certificate(createCertificate(nowMs).certPem);
    expect(parsed.verify(parsed.publicKey)).toBe(true);
    expect(parsed.checkHost('localhost')).toBe('localhost');
    expect(Date.parse(parsed.validFrom)).toBeLessThan(nowMs);
    expect(Date.parse(parsed.validTo)).toBeGreaterThan(nowMs);
    expect(parsed.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']);
  });
  it('differs for each run', () => {
    expect(createCertificate(0).keyPem).not.toBe(createCertificate(0).keyPem);
  });
});

describe('the log', () => {
  it.each([
    [{}, null],
    [{ TF_LOG: 'off' }, null],
    [{ TF_LOG: 'INFO' }, 'info'],
    [{ TF_LOG: 'JSON' }, 'trace'],
    [{ TF_LOG: '1' }, 'trace'],
    [{ TF_LOG_PROVIDER: 'debug' }, 'debug'],
    [{ TF_LOG: 'trace', TF_LOG_PROVIDER: 'warn' }, 'warn'],
    [{ TF_LOG: 'trace', TF_LOG_PROVIDER: 'off' }, null],
    [{ TF_LOG_CORE: 'trace' }, null],
  ])('with %j has the level of core: %s', (env, level) => {
    expect(logLevelOf(env)).toBe(level);
  });
  it('leaves out lines below its level', () => {
    const lines: string[] = [];
    const options = { module: 'provider', now: () => new Date(0), redact: (text: string) => text };
    const write = (line: string) => lines.push(JSON.parse(line)['@message']);
    const log = createLog(write, { ...options, levelMin: 'info' });
    for (const level of ['trace', 'debug', 'info', 'warn', 'error'] as const) log(level, level);
    createLog(write, { ...options, levelMin: null })('error', 'not shown');
    expect(lines).toEqual(['info', 'warn', 'error']);
  });
  it('writes lines in the format of core, without secrets', () => {
    const lines: string[] = [];
    const { add, redact } = createRedactor();
    add(['sk-secret-1', 'abc']);
    const now = () => new Date('2026-01-02T03:04:05.678Z');
    createLog((line) => lines.push(line), { module: 'provider', levelMin: 'info', now, redact })(
      'info',
      'with sk-secret-1',
      { abc: 1 },
    );
    expect(lines).toEqual([
      '{"abc":1,"@level":"info","@message":"with (sensitive)","@timestamp":"2026-01-02T03:04:05.678000Z","@module":"provider"}\n',
    ]);
  });
});
