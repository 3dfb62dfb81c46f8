import { describe, expect, it } from 'vitest';
import { isLoopbackAddress, isLoopbackHost, normalizeAddress, normalizeHost } from './loopback.ts';

describe('isLoopbackHost', () => {
  it.each([
    'localhost',
    'localhost:3000',
    'LOCALHOST:1',
    'localhost.',
    '127.0.0.1',
    '127.0.0.1:80',
    '127.255.255.254',
    '[::1]',
    '[::1]:4000',
    '[0::1]:4000',
    '[0:0:0:0:0:0:0:1]:4000',
    '[::ffff:127.0.0.1]',
  ])('accepts %s', (host) => {
    expect(isLoopbackHost(host)).toBe(true);
  });

  it.each([
    '',
    '.',
    '0.0.0.0',
    '128.0.0.1',
    '10.0.0.1',
    '127.1',
    '127.0.0.256',
    '2130706433',
    '0x7f.0.0.1',
    '0177.0.0.1',
    '1',
    '127.0.0.1.evil.example',
    'localhost.evil.example:4000',
    'evil.localhost',
    'localhost@evil.example',
    'evil.example#localhost',
    'localhost/x',
    'localhost?x',
    'localhost#',
    'local host',
    'local\thost',
    'localhos%74',
    'localhost:port',
    'localhost:3000:1',
    '::1',
    '[::1',
    '[::2]:4000',
    '[::]',
    '[fe80::1]',
    '[::ffff:10.0.0.1]',
    'ⓛocalhost',
  ])('rejects %j', (host) => {
    expect(isLoopbackHost(host)).toBe(false);
  });
});

it.each([
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['192.0.2.7:5678', '192.0.2.7'],
  ['[2001:DB8::0001]:443', '2001:db8::1'],
  ['2001:db8:0:0::1', '2001:db8::1'],
  ['unknown', null],
  ['_hidden', null],
  ['1.2.3', null],
  ['1.2.3.4.5', null],
  ['1.2.3.256', null],
  ['fe80::1%eth0', null],
  ['localhost', null],
  ['', null],
])('normalises the address %j to %j', (text, address) => {
  expect(normalizeAddress(text)).toBe(address);
});

it('recognises an address of this machine in every spelling', () => {
  for (const address of ['127.0.0.1', '127.9.9.9', '::1', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1', '[::1]:80'])
    expect(isLoopbackAddress(address)).toBe(true);
  for (const address of ['::', '0.0.0.0', '::ffff:10.0.0.1', '128.0.0.1', 'localhost'])
    expect(isLoopbackAddress(address)).toBe(false);
});

it('compares a host without its default port', () => {
  expect(normalizeHost('ESPEJO.example:443', 'https')).toBe('espejo.example');
  expect(normalizeHost('espejo.example:443')).toBe('espejo.example:443');
  expect(normalizeHost('espejo.example:80')).toBe('espejo.example');
});
