import { AppError } from '@espejo/core';
import { expect, it } from 'vitest';
import { findBaseUrlFault, normalizeBaseUrl } from './base-url.ts';

it.each([
  ['https://api.openai.com/v1', 'https://api.openai.com/v1'],
  ['https://API.OpenAI.com/v1/', 'https://api.openai.com/v1'],
  ['https://api.openai.com:443/v1//', 'https://api.openai.com/v1'],
  ['http://127.0.0.1:4010', 'http://127.0.0.1:4010'],
  ['http://127.1:4010/', 'http://127.0.0.1:4010'],
  ['http://[::1]:4010/a/../v1', 'http://[::1]:4010/v1'],
  ['http://host/with space', 'http://host/with%20space'],
])('the base URL %s has one spelling', (given, expected) => {
  expect(normalizeBaseUrl(given)).toBe(expected);
  expect(normalizeBaseUrl(expected)).toBe(expected);
});

it.each([
  ['', /http or https/],
  ['api.openai.com/v1', /http or https/],
  ['file:///etc/passwd', /http or https/],
  ['javascript:alert(1)', /http or https/],
  ['http://', /http or https/],
  ['http://user@host/v1', /user name or password/],
  ['http://user:hunter2@host/v1', /user name or password/],
  ['http://:hunter2@host/v1', /user name or password/],
  ['http://host/v1?key=1', /query/],
  ['http://host/v1?', /query/],
  ['http://host/v1#top', /fragment/],
])('the base URL %s is rejected, and the error does not repeat it', (given, reason) => {
  expect(findBaseUrlFault(given)).toMatch(reason);
  expect(findBaseUrlFault(given)).not.toContain('hunter2');
  expect(() => normalizeBaseUrl(given)).toThrow(expect.objectContaining({ code: 'invalid_base_url' }));
  expect(() => normalizeBaseUrl(given)).toThrow(AppError);
});
