import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { floatTensor, makeSafetensors } from '../../testing/make-static-model.ts';
import { ModelFolderError } from './model-folder-error.ts';
import { readSafetensors } from './read-safetensors.ts';

const FILE = makeSafetensors({
  embeddings: floatTensor([
    [1, 2],
    [3, 4],
  ]),
  weights: { dtype: 'F32', shape: [1], bytes: new Uint8Array(4) },
});

/** A file with another header. */
function withHeader(header: unknown, bytes = new Uint8Array(16)): Buffer {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, bytes]);
}

describe('readSafetensors', () => {
  it('reads every tensor with its shape and bytes', () => {
    const tensors = readSafetensors(FILE);
    expect([...tensors.keys()]).toEqual(['embeddings', 'weights']);
    const { dtype, shape, bytes } = tensors.get('embeddings') ?? { dtype: '', shape: [], bytes: new Uint8Array() };
    expect([dtype, shape]).toEqual(['F32', [2, 2]]);
    expect(new Float32Array(Uint8Array.from(bytes).buffer)).toEqual(new Float32Array([1, 2, 3, 4]));
  });

  const tensor = { dtype: 'F32', shape: [2, 2], data_offsets: [0, 16] };
  it.each<[string, Buffer, RegExp]>([
    ['an empty file', Buffer.alloc(0), /too short/],
    [
      'a header longer than the file',
      Buffer.concat([Buffer.from([255, 0, 0, 0, 0, 0, 0, 0]), Buffer.alloc(4)]),
      /cut short/,
    ],
    ['a header of terabytes', Buffer.alloc(16, 0xff), /no readable header/],
    ['a header that is not JSON', withHeader('{'), /no readable header/],
    ['a header that is a list', withHeader([]), /no readable header/],
    ['an unsupported type', withHeader({ a: { ...tensor, dtype: 'C64' } }), /C64/],
    ['a shape that is not a list', withHeader({ a: { ...tensor, shape: [-1, 2] } }), /an unknown form/],
    ['a shape of fractions', withHeader({ a: { ...tensor, shape: [1.5] } }), /an unknown form/],
    ['a shape that overflows', withHeader({ a: { ...tensor, shape: [2 ** 50, 2 ** 50] } }), /its shape needs/],
    ['bytes beyond the end', withHeader({ a: { ...tensor, data_offsets: [0, 4096] } }), /cut short within 'a'/],
    [
      'bytes that end before they begin',
      withHeader({ a: { ...tensor, data_offsets: [16, 0] } }),
      /cut short within 'a'/,
    ],
    ['bytes that are not what the shape needs', withHeader({ a: { ...tensor, data_offsets: [0, 12] } }), /16/],
  ])('rejects %s', (_, file, message) => {
    expect(() => readSafetensors(file)).toThrow(ModelFolderError);
    expect(() => readSafetensors(file)).toThrow(message);
  });

  it('reads or rejects a file that is cut short or damaged anywhere, and never fails otherwise', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: FILE.length }),
        fc.nat({ max: FILE.length - 1 }),
        fc.nat({ max: 255 }),
        (length, at, byte) => {
          const damaged = Buffer.from(FILE);
          damaged[at] = byte;
          for (const file of [FILE.subarray(0, length), damaged]) {
            try {
              readSafetensors(file);
            } catch (error) {
              expect(error).toBeInstanceOf(ModelFolderError);
            }
          }
          if (length < FILE.length) expect(() => readSafetensors(FILE.subarray(0, length))).toThrow(ModelFolderError);
        },
      ),
    );
  });
});
