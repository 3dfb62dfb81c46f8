import { request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { type Line, megabytes, millis, type Print, type Section, seconds } from '../lib/report.ts';
import { startApi } from '../lib/start-api.ts';
import { quantile } from '../lib/stats.ts';
import { withFolder } from '../lib/with-folder.ts';

const RSS_BYTES_MAX = 300 * 2 ** 20;
const P99_MS_MAX = 50;
/** Nothing listens there: an upload needs no upstream. */
const NO_UPSTREAM = 'http://127.0.0.1:9/v1';
/** The pause between two of the other requests. */
const PAUSE_MS = 5;
const WARM_UP_REQUESTS = 50;
const BOUNDARY = 'espejo-bench-boundary';
const BLOCK = Buffer.alloc(2 ** 20, 'the quick brown fox jumps over the lazy dog. ');

/** Uploads one file of the largest size with `POST /v1/files` and measures the server's memory and other requests. */
export async function measureUpload(print: Print, options: { isQuick: boolean }): Promise<Section> {
  const sizeBytes = (options.isQuick ? 64 : 512) * 2 ** 20;
  const api = startApi();
  try {
    return await withFolder(async (dataDir) => {
      const { url } = await api.open({ dataDir, upstreamUrl: NO_UPSTREAM });
      const idleBytes = (await api.memory()).rssMaxBytes;
      await warmUp(url);
      const ending = new AbortController();
      const others = askOthers(url, ending.signal);
      const startedAt = performance.now();
      const stored = await sendFile(url, sizeBytes);
      const uploadMs = performance.now() - startedAt;
      ending.abort();
      const otherMs = await others;
      const { rssMaxBytes } = await api.memory();
      await api.close();
      if (stored !== sizeBytes) throw new Error(`${stored} of ${sizeBytes} bytes arrived.`);
      print(`  ${megabytes(sizeBytes)} in ${seconds(uploadMs)}`);
      return { title: `Upload of one file of ${megabytes(sizeBytes)}`, lines: toLines() };

      function toLines(): Line[] {
        const p99Ms = quantile(otherMs, 0.99);
        return [
          {
            what: 'peak memory of the server (RSS)',
            measured: megabytes(rssMaxBytes),
            target: { text: '≤ 300 MB', isMet: rssMaxBytes <= RSS_BYTES_MAX },
            note: `idle ${megabytes(idleBytes)}; ${megabytes((sizeBytes / uploadMs) * 1000)} a second`,
          },
          {
            what: 'other requests meanwhile, p99',
            measured: millis(p99Ms),
            target: { text: '≤ 50 ms', isMet: p99Ms <= P99_MS_MAX },
            note: `${otherMs.length} requests, p50 ${millis(quantile(otherMs, 0.5))}, max ${millis(Math.max(...otherMs))}`,
          },
        ];
      }
    });
  } finally {
    await api.stop();
  }
}

/** Warms up: the first requests of a process are slow, independent of the upload. */
async function warmUp(url: string): Promise<void> {
  for (let count = 0; count < WARM_UP_REQUESTS; count += 1) await askOther(url);
  await sendFile(url, BLOCK.length);
}

async function askOther(url: string): Promise<number> {
  const startedAt = performance.now();
  const response = await fetch(`${url}/v1/vector_stores`);
  await response.text();
  if (!response.ok) throw new Error(`GET /v1/vector_stores answered ${response.status}.`);
  return performance.now() - startedAt;
}

async function askOthers(url: string, signal: AbortSignal): Promise<number[]> {
  const ms: number[] = [];
  while (!signal.aborted) {
    ms.push(await askOther(url));
    await delay(PAUSE_MS);
  }
  return ms;
}

/** Sends one multipart form as the SDKs do. Returns the size that the server stored. */
function sendFile(url: string, sizeBytes: number): Promise<number> {
  const head = Buffer.from(
    `--${BOUNDARY}\r\ncontent-disposition: form-data; name="purpose"\r\n\r\nassistants\r\n--${BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="large.txt"\r\ncontent-type: text/plain\r\n\r\n`,
  );
  const tail = Buffer.from(`\r\n--${BOUNDARY}--\r\n`);
  return new Promise((resolve, reject) => {
    const sent = request(`${url}/v1/files`, {
      method: 'POST',
      headers: {
        'content-type': `multipart/form-data; boundary=${BOUNDARY}`,
        'content-length': head.length + sizeBytes + tail.length,
      },
    });
    sent.once('error', reject);
    sent.once('response', async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk);
      const text = Buffer.concat(chunks).toString('utf8');
      if (response.statusCode !== 200)
        reject(new Error(`The upload was answered with ${response.statusCode}: ${text}`));
      else resolve((JSON.parse(text) as { bytes: number }).bytes);
    });
    void write(sent, [head, ...Array.from({ length: sizeBytes / BLOCK.length }, () => BLOCK), tail]).catch(reject);
  });
}

async function write(target: ReturnType<typeof request>, blocks: readonly Buffer[]): Promise<void> {
  for (const block of blocks) {
    if (!target.write(block)) await new Promise((resolve) => target.once('drain', resolve));
  }
  target.end();
}
