import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TensorToWrite {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/** A safetensors file of these tensors. */
export function makeSafetensors(tensors: Readonly<Record<string, TensorToWrite>>): Buffer {
  let at = 0;
  const header: Record<string, unknown> = { __metadata__: { format: 'np' } };
  for (const [name, { dtype, shape, bytes }] of Object.entries(tensors)) {
    header[name] = { dtype, shape, data_offsets: [at, at + bytes.byteLength] };
    at += bytes.byteLength;
  }
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, ...Object.values(tensors).map(({ bytes }) => bytes)]);
}

/** A table of 32-bit floats. */
export function floatTensor(rows: readonly (readonly number[])[]): TensorToWrite {
  const values = Float32Array.from(rows.flat());
  return { dtype: 'F32', shape: [rows.length, rows[0]?.length ?? 0], bytes: new Uint8Array(values.buffer) };
}

/** A tokenizer.json that splits like BERT, with these tokens in this order. */
export function wordPieceTokenizer(tokens: readonly string[]): Record<string, unknown> {
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [],
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: true,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: null,
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
    },
  };
}

/** A tokenizer.json like those of SentencePiece's unigram models. */
export function unigramTokenizer(rows: readonly (readonly [string, number])[]): Record<string, unknown> {
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [],
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'Precompiled', precompiled_charsmap: null },
        { type: 'Replace', pattern: { Regex: ' {2,}' }, content: ' ' },
      ],
    },
    pre_tokenizer: { type: 'Metaspace', replacement: '\u2581', prepend_scheme: 'always', split: true },
    post_processor: null,
    decoder: { type: 'Metaspace', replacement: '\u2581', prepend_scheme: 'always', split: true },
    model: { type: 'Unigram', unk_id: 0, vocab: rows, byte_fallback: false },
  };
}

export interface ModelFiles {
  readonly tensors: Readonly<Record<string, TensorToWrite>>;
  readonly tokenizer: Record<string, unknown>;
  readonly config?: Record<string, unknown>;
}

/** Writes a model into a new folder, and returns its path. The caller removes it. */
export async function makeModelFolder({
  tensors,
  tokenizer,
  config = { model_type: 'model2vec', normalize: true },
}: ModelFiles): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'static-model-'));
  await writeFile(join(folder, 'model.safetensors'), makeSafetensors(tensors));
  await writeFile(join(folder, 'tokenizer.json'), JSON.stringify(tokenizer));
  await writeFile(join(folder, 'config.json'), JSON.stringify(config));
  return folder;
}
