import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  AUTO_CHUNKING_STRATEGY,
  chunkDocument,
  createLexicalEmbedder,
  createLocalIndex,
  createParserPool,
  type ParsedDocument,
  type Parser,
} from '@espejo/retrieval';
import { structuredRows } from '@espejo/retrieval/testing';
import { createChunkThread } from '../../apps/api/src/services/ingestion/chunk-thread.ts';
import { type Line, type Print, type Section, seconds } from '../lib/report.ts';
import { withFolder } from '../lib/with-folder.ts';

const SHARE_MIN = 0.7;
const WORDS_PER_FILE = 60_000;
/** Concurrent files: one is parsed while another is chunked, embedded or written. */
const CONCURRENCY = 4;
const STORE = 'vs_bench';

interface SourceFile {
  readonly path: string;
  readonly filename: string;
  readonly sizeBytes: number;
}

/** Text files parsed, chunked, embedded and indexed, compared with only parsing and chunking them. */
export async function measureIngestion(print: Print, options: { isQuick: boolean }): Promise<Section> {
  return withFolder(async (folder) => {
    const files = await writeFiles(folder, options.isQuick ? 4 : 24);
    const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
    const perSecond = (ms: number) => sizeBytes / 2 ** 20 / (ms / 1000);
    const parser = createParserPool({ processes: 1, timeoutMs: 60_000, memoryMb: 512, readableFolders: [folder] });
    try {
      // A warm-up loads the tokenizer's tables and starts the parser's thread.
      await cut(parser, files.slice(0, 1));
      const bare = perSecond(await cut(parser, files));
      const { ms, chunkCount } = await ingest(parser, files, folder);
      const whole = perSecond(ms);
      print(`  ${files.length} files, ${chunkCount} chunks in ${seconds(ms)}`);
      const share = whole / bare;
      const lines: Line[] = [
        {
          what: 'parsed, chunked, embedded (lexical), indexed',
          measured: `${Math.round(share * 100)} % of bare`,
          target: options.isQuick ? undefined : { text: '≥ 70 %', isMet: share >= SHARE_MIN },
          note: `${whole.toFixed(2)} MB/s, ${Math.round(chunkCount / (ms / 1000))} chunks a second`,
        },
        { what: 'baseline: parsed and chunked, one file after the other', measured: `${bare.toFixed(2)} MB/s` },
      ];
      return { title: 'Ingestion of text files (800 tokens a chunk, 400 of them overlapping)', lines };
    } finally {
      await parser.close();
    }
  });
}

async function writeFiles(folder: string, count: number): Promise<SourceFile[]> {
  const rows = structuredRows(7, 8);
  const files: SourceFile[] = [];
  for (let n = 0; n < count; n += 1) {
    const text = rows.text(WORDS_PER_FILE);
    const filename = `file-${n}.txt`;
    const path = join(folder, filename);
    await writeFile(path, text);
    files.push({ path, filename, sizeBytes: Buffer.byteLength(text) });
  }
  return files;
}

async function documentOf(parser: Parser, file: SourceFile): Promise<ParsedDocument> {
  const parsed = await parser.parse(file);
  if (!parsed.ok) throw new Error(parsed.failure.message);
  return parsed.document;
}

async function cut(parser: Parser, files: readonly SourceFile[]): Promise<number> {
  const startedAt = performance.now();
  for (const file of files) chunkDocument(await documentOf(parser, file), AUTO_CHUNKING_STRATEGY);
  return performance.now() - startedAt;
}

async function ingest(
  parser: Parser,
  files: readonly SourceFile[],
  folder: string,
): Promise<{ ms: number; chunkCount: number }> {
  const embedder = createLexicalEmbedder();
  const index = createLocalIndex({
    folder: join(folder, 'stores'),
    workerCount: 1,
    memoryBytesMax: 2 ** 28,
    openStoresMax: 4,
    newToken: () => 'bench',
  });
  await index.open(STORE, embedder.model);
  const chunker = createChunkThread();
  // A warm-up loads its tables.
  const [warm] = files;
  if (warm !== undefined) await chunker.chunk(await documentOf(parser, warm), AUTO_CHUNKING_STRATEGY);
  let chunkCount = 0;
  const startedAt = performance.now();
  const queue = files.values();
  const work = async (): Promise<void> => {
    for (const file of queue) {
      const chunks = await chunker.chunk(await documentOf(parser, file), AUTO_CHUNKING_STRATEGY);
      const texts = chunks.map((chunk) => chunk.text);
      const vectors = await embedder.embed(texts, { purpose: 'document' });
      const indexed = chunks.flatMap((chunk, at) => {
        const vector = vectors[at];
        return vector === undefined ? [] : [{ ...chunk, vector }];
      });
      await index.upsertFile(STORE, {
        fileId: file.filename,
        filename: file.filename,
        attributes: {},
        chunks: indexed,
      });
      chunkCount += chunks.length;
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  const ms = performance.now() - startedAt;
  await chunker.close();
  await index.closeAll();
  return { ms, chunkCount };
}
