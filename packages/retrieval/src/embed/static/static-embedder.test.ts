import { rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  floatTensor,
  type ModelFiles,
  makeModelFolder,
  type TensorToWrite,
  wordPieceTokenizer,
} from '../../testing/make-static-model.ts';
import { ModelFolderError } from './model-folder-error.ts';
import { openStaticEmbedder } from './static-embedder.ts';

const TOKENS = ['[PAD]', '[UNK]', 'cat', 'dog', 'house', '##s'];
const ROWS = [
  [0, 0, 0],
  [9, 9, 9],
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
  [0.5, 0.5, 0],
];
const tokenizer = wordPieceTokenizer(TOKENS);

async function folderOf(files: Partial<ModelFiles> = {}): Promise<string> {
  const folder = await makeModelFolder({ tensors: { embeddings: floatTensor(ROWS) }, tokenizer, ...files });
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function vectorOf(text: string, files: Partial<ModelFiles> = {}): Promise<number[]> {
  const embedder = await openStaticEmbedder(await folderOf(files));
  const [vector] = await embedder.embed([text], { purpose: 'document' });
  return Array.from(vector ?? [], (value) => Number(value.toFixed(4)));
}

const unit = (...values: number[]) => values.map((value) => Number((value / Math.hypot(...values)).toFixed(4)));
const tensor = (dtype: string, values: ArrayBufferView, shape: number[]): TensorToWrite => ({
  dtype,
  shape,
  bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
});

describe('a static model in a folder', () => {
  it('returns the mean of the token vectors of a text, of unit length, without unknown tokens', async () => {
    expect(await vectorOf('Cat')).toEqual([1, 0, 0]);
    expect(await vectorOf('cats and a dog')).toEqual(unit(1.5, 1.5, 0));
    expect(await vectorOf('cat zebra')).toEqual([1, 0, 0]);
    expect(await vectorOf('zebra')).toEqual([1, 0, 0]);
  });

  it('weights tokens', async () => {
    const weights = tensor('F32', Float32Array.of(1, 1, 2, 1, 1, 1), [6]);
    expect(await vectorOf('cat dog', { tensors: { embeddings: floatTensor(ROWS), weights } })).toEqual(unit(2, 1, 0));
  });

  it('finds the rows of tokens that share them by the mapping', async () => {
    const rows = floatTensor([
      [0, 0, 1],
      [1, 0, 0],
    ]);
    const mapping = tensor('I64', BigInt64Array.of(0n, 0n, 1n, 1n, 0n, 0n), [6]);
    expect(await vectorOf('dog', { tensors: { embeddings: rows, mapping } })).toEqual([1, 0, 0]);
    expect(await vectorOf('house', { tensors: { embeddings: rows, mapping } })).toEqual([0, 0, 1]);
  });

  it.each<[string, TensorToWrite]>([
    [
      'half floats',
      tensor(
        'F16',
        Uint16Array.from(ROWS.flat(), (value) =>
          value === 0 ? 0 : value === 0.5 ? 0x3800 : value === 1 ? 0x3c00 : 0x4880,
        ),
        [6, 3],
      ),
    ],
    [
      'brain floats',
      tensor(
        'BF16',
        Uint16Array.from(ROWS.flat(), (value) => new Uint16Array(Float32Array.of(value).buffer)[1] ?? 0),
        [6, 3],
      ),
    ],
    [
      'bytes',
      tensor(
        'I8',
        Int8Array.from(ROWS.flat(), (value) => value * 10),
        [6, 3],
      ),
    ],
    ['doubles', tensor('F64', Float64Array.from(ROWS.flat()), [6, 3])],
  ])('reads embeddings of %s', async (_, embeddings) => {
    expect(await vectorOf('cats house', { tensors: { embeddings } })).toEqual(unit(1.5, 0.5, 1));
  });

  it('reads the table under the name that sentence-transformers uses', async () => {
    expect(await vectorOf('dog', { tensors: { 'embedding.weight': floatTensor(ROWS) } })).toEqual([0, 1, 0]);
  });

  it('has a fingerprint of its files: the same files are the same model, any change makes another', async () => {
    const fingerprintOf = async (folder: string) => (await openStaticEmbedder(folder)).model.fingerprint;
    const [one, same] = [await folderOf(), await folderOf()];
    const before = await fingerprintOf(one);
    expect(await fingerprintOf(same)).toBe(before);
    await writeFile(join(one, 'config.json'), '{"normalize": false}');
    expect(await fingerprintOf(one)).not.toBe(before);
    const other = await folderOf({
      tensors: { embeddings: floatTensor(ROWS.map((row) => row.map((value) => value + 1))) },
    });
    expect(await fingerprintOf(other)).not.toBe(before);
    expect((await openStaticEmbedder(one)).model).toMatchObject({ kind: 'static', dimensions: 3 });
  });

  it.each<[string, Partial<ModelFiles>, RegExp]>([
    ['no embeddings', { tensors: {} }, /no tensor named embeddings/],
    [
      'a layer of another kind of model',
      { tensors: { 'encoder.layer.0.weight': floatTensor(ROWS) } },
      /EMBEDDINGS_BASE_URL/,
    ],
    [
      'fewer vectors than tokens',
      { tensors: { embeddings: floatTensor(ROWS.slice(0, 3)) } },
      /3 vectors for a vocabulary of 6/,
    ],
    ['a list of numbers', { tensors: { embeddings: tensor('F32', new Float32Array(6), [6]) } }, /the shape 6/],
    [
      'vectors of no length',
      { tensors: { embeddings: tensor('F32', new Float32Array(0), [6, 0]) } },
      /the shape 6 × 0/,
    ],
    [
      'embeddings of whole numbers',
      { tensors: { embeddings: tensor('I64', new BigInt64Array(18), [6, 3]) } },
      /type I64/,
    ],
    [
      'a mapping beyond the rows',
      { tensors: { embeddings: floatTensor(ROWS), mapping: tensor('I32', Int32Array.of(0, 1, 2, 3, 4, 6), [6]) } },
      /token 5 to row 6 of 6/,
    ],
    [
      'a mapping that is too short',
      { tensors: { embeddings: floatTensor(ROWS), mapping: tensor('I32', Int32Array.of(0), [1]) } },
      /maps 1 tokens/,
    ],
    [
      'too few weights',
      { tensors: { embeddings: floatTensor(ROWS), weights: tensor('F32', Float32Array.of(1), [1]) } },
      /1 weights/,
    ],
  ])('is rejected with a sentence when it has %s', async (_, files, message) => {
    const opening = openStaticEmbedder(await folderOf(files));
    await expect(opening).rejects.toBeInstanceOf(ModelFolderError);
    await expect(opening).rejects.toThrow(message);
  });

  it('is rejected with a sentence when it does not exist, lacks a file, or has one cut short', async () => {
    await expect(openStaticEmbedder('/nowhere/at/all')).rejects.toThrow(/There is no file config.json/);
    const folder = await folderOf();
    await truncate(join(folder, 'model.safetensors'), 40);
    await expect(openStaticEmbedder(folder)).rejects.toThrow(/cut short/);
    await writeFile(join(folder, 'config.json'), '[]');
    await expect(openStaticEmbedder(folder)).rejects.toThrow(/config.json is not a JSON object/);
    await rm(join(folder, 'tokenizer.json'));
    await expect(openStaticEmbedder(folder)).rejects.toThrow(/There is no file tokenizer.json/);
  });

  it('returns a vector even if a row is not a number', async () => {
    const embeddings = floatTensor(ROWS.map((row, id) => (id === 2 ? [Number.NaN, 0, 0] : row)));
    expect(await vectorOf('cat', { tensors: { embeddings } })).toEqual([1, 0, 0]);
  });
});
