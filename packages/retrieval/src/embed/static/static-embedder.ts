import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { embedInTurns } from '../embed-in-turns.ts';
import { modelFingerprint } from '../fingerprint.ts';
import type { Embedder, EmbeddingModel } from '../port.ts';
import { blankVector, normalise } from '../unit-vector.ts';
import { ModelFolderError } from './model-folder-error.ts';
import { readSafetensors, type Tensor } from './read-safetensors.ts';
import { readTokenizer, type Tokenizer } from './read-tokenizer.ts';
import { type AddRow, numbersOf, rowAdder } from './tensor-values.ts';

const FILES = ['config.json', 'model.safetensors', 'tokenizer.json'] as const;
/** Far more than any model of this kind has; a larger file is something else. */
const FILE_BYTES_MAX = 2 ** 31 - 1;
const DIMENSIONS_MAX = 8192;
/** The names of the table in the two libraries. */
const TABLE_NAMES = ['embeddings', 'embedding.weight'];

/**
 * Opens a folder with a static model in the form of Model2Vec: a vector for every token, and a text is the mean of its
 * tokens. Needs no network and no native code. Its fingerprint is a hash of its files. Throws ModelFolderError, whose
 * message says what is wrong with the folder.
 */
export async function openStaticEmbedder(folder: string): Promise<Embedder> {
  const files = new Map<string, Buffer>();
  const hash = createHash('sha256');
  for (const name of FILES) {
    const bytes = await readModelFile(folder, name);
    files.set(name, bytes);
    hash.update(`${name}\0${bytes.byteLength}\0`).update(bytes);
  }
  checkConfig(files.get('config.json')?.toString('utf8') ?? '');
  const tokenizer = readTokenizer(files.get('tokenizer.json')?.toString('utf8') ?? '');
  const table = readTable(readSafetensors(files.get('model.safetensors') ?? Buffer.alloc(0)), tokenizer);
  const { dimensions } = table;
  const model: EmbeddingModel = {
    fingerprint: modelFingerprint({ kind: 'static', sha256: hash.digest('hex'), dimensions }),
    name: basename(folder) || 'model',
    dimensions,
    kind: 'static',
  };
  return {
    model,
    embed: (texts, { signal }) => embedInTurns(texts, (text) => vectorOf(tokenizer, table, text), signal),
  };
}

interface Table {
  readonly dimensions: number;
  readonly addRow: AddRow;
  /** By token id; null: all have the same weight. */
  readonly weights: ArrayLike<number> | null;
  /** The row of each token id; null: the id is the row. */
  readonly rowOf: ArrayLike<number> | null;
}

function vectorOf(
  { model, encode }: Tokenizer,
  { dimensions, addRow, weights, rowOf }: Table,
  text: string,
): Float32Array {
  const vector = new Float32Array(dimensions);
  for (const id of encode(text)) {
    // Unknown tokens carry no information.
    if (id === model.unknownId) continue;
    addRow(vector, rowOf === null ? id : (rowOf[id] ?? 0), weights === null ? 1 : (weights[id] ?? 0));
  }
  return normalise(vector) ? vector : blankVector(dimensions);
}

async function readModelFile(folder: string, name: string): Promise<Buffer> {
  const path = join(folder, name);
  const found = await stat(path).catch(() => null);
  if (found === null || !found.isFile()) {
    throw new ModelFolderError(`There is no file ${name} in it. A model has ${FILES.join(', ')}.`);
  }
  if (found.size > FILE_BYTES_MAX) throw new ModelFolderError(`${name} is larger than 2 GiB, which no such model is.`);
  return readFile(path).catch((cause: unknown) => {
    throw new ModelFolderError(`${name} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`);
  });
}

function checkConfig(json: string): void {
  try {
    const config: unknown = JSON.parse(json);
    if (typeof config === 'object' && config !== null && !Array.isArray(config)) return;
  } catch {
    // Reported below.
  }
  throw new ModelFolderError('config.json is not a JSON object. Fetch the model again.');
}

function readTable(tensors: ReadonlyMap<string, Tensor>, { model }: Tokenizer): Table {
  const table = TABLE_NAMES.map((name) => tensors.get(name)).find((tensor) => tensor !== undefined);
  if (table === undefined) {
    throw new ModelFolderError(
      'model.safetensors has no tensor named embeddings: it is not a static model. Use EMBEDDINGS_BASE_URL for models with a network of layers.',
    );
  }
  const [rowCount = 0, dimensions = 0] = table.shape;
  if (table.shape.length !== 2 || rowCount === 0 || dimensions === 0 || dimensions > DIMENSIONS_MAX) {
    throw new ModelFolderError(
      `model.safetensors has embeddings of the shape ${table.shape.join(' × ')}, which is not a table.`,
    );
  }
  const mapping = tensors.get('mapping');
  const rowOf = mapping === undefined ? null : numbersOf(mapping);
  const idCount = model.idMax + 1;
  if (rowOf !== null) checkMapping(rowOf, idCount, rowCount);
  else if (rowCount < idCount) {
    throw new ModelFolderError(`model.safetensors has ${rowCount} vectors for a vocabulary of ${idCount} tokens.`);
  }
  const weights = tensors.get('weights');
  if (weights !== undefined && (weights.shape[0] ?? 0) < idCount) {
    throw new ModelFolderError(
      `model.safetensors has ${weights.shape[0] ?? 0} weights for a vocabulary of ${idCount} tokens.`,
    );
  }
  return { dimensions, addRow: rowAdder(table), weights: weights === undefined ? null : numbersOf(weights), rowOf };
}

function checkMapping(rowOf: ArrayLike<number>, idCount: number, rowCount: number): void {
  if (rowOf.length < idCount) {
    throw new ModelFolderError(`model.safetensors maps ${rowOf.length} tokens of a vocabulary of ${idCount}.`);
  }
  for (let id = 0; id < rowOf.length; id += 1) {
    const row = rowOf[id] ?? -1;
    if (!Number.isSafeInteger(row) || row < 0 || row >= rowCount) {
      throw new ModelFolderError(`model.safetensors maps token ${id} to row ${row} of ${rowCount}.`);
    }
  }
}
