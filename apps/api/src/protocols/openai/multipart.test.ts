import { PassThrough } from 'node:stream';
import { OpenAiError } from '@espejo/contracts/openai';
import type { FastifyRequest } from 'fastify';
import { describe, expect, it } from 'vitest';
import { type FormFile, readForm } from './multipart.ts';

const FORM = { file: 'file', fields: ['purpose'] };
const HEAD = '--b\r\ncontent-disposition: form-data; name="file"; filename="a.txt"\r\n\r\n';

function requestOf(): { request: FastifyRequest; raw: PassThrough & { complete?: boolean } } {
  const raw: PassThrough & { complete?: boolean } = new PassThrough();
  raw.complete = true;
  const headers = { 'content-type': 'multipart/form-data; boundary=b' };
  return { raw, request: { headers, raw } as unknown as FastifyRequest };
}

async function readAll({ source }: FormFile): Promise<string> {
  let text = '';
  for await (const piece of source) text += String(piece);
  return text;
}

describe('a form with a file', () => {
  it('fails with the error of the file’s reader, such as a full disk, and not as a broken form', async () => {
    const { raw, request } = requestOf();
    const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    const form = readForm(request, FORM, async ({ source }) => {
      for await (const _ of source) throw full;
    });
    raw.write(`${HEAD}some words`);
    raw.end(' and more\r\n--b--\r\n');
    await expect(form).rejects.toBe(full);
  });

  it('is a broken form when it ends before its file does', async () => {
    const { raw, request } = requestOf();
    const form = readForm(request, FORM, readAll);
    raw.end(`${HEAD}some words`);
    await expect(form).rejects.toMatchObject({ status: 400, message: 'Could not parse multipart form' });
  });

  it('keeps the error of its reader', async () => {
    const { raw, request } = requestOf();
    const refusal = new OpenAiError(400, 'no');
    const form = readForm(request, FORM, async ({ source }) => {
      for await (const _ of source) throw refusal;
    });
    raw.end(`${HEAD}some words\r\n--b--\r\n`);
    await expect(form).rejects.toBe(refusal);
  });

  const field = (name: string) => `--b\r\ncontent-disposition: form-data; name="${name}"\r\n\r\nx\r\n`;
  const unexpected = (words: string, param: string | null) => ({
    status: 400,
    message: `Additional properties are not allowed (${words} unexpected)`,
    param,
  });

  it.each([
    ['before the file', `${field('one')}${field('two')}${HEAD}words\r\n--b--\r\n`, "'one', 'two' were", null],
    ['around the file', `${field('one')}${HEAD}words\r\n${field('two')}--b--\r\n`, "'one', 'two' were", null],
    ['behind the file', `${HEAD}words\r\n${field('two')}--b--\r\n`, "'two' was", 'two'],
  ])('names all unknown fields, %s', async (_, body, words, param) => {
    const { raw, request } = requestOf();
    const form = readForm(request, FORM, async (file, rest) => [await readAll(file), await rest()]);
    raw.end(body);
    await expect(form).rejects.toMatchObject(unexpected(words, param));
  });

  it('is read completely', async () => {
    const { raw, request } = requestOf();
    const form = readForm(request, FORM, readAll);
    raw.end(`${HEAD}some words\r\n--b--\r\n`);
    expect(await form).toBe('some words');
  });
});
