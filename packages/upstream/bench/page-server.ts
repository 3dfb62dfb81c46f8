import { createServer } from 'node:http';
import { attachmentSnapshot, storeSnapshot } from '../src/testing/snapshots.ts';
import { attachmentRow, storeRow } from '../src/testing/wire-rows.ts';

/*
 * Serves the same prepared pages to both sides of the bench, from a process of its own so that it uses no time of
 * theirs: STORES stores, each with PAGES_PER_STORE full pages of attachments.
 */
const storeCount = Number(process.env.STORES);
const pagesPerStore = Number(process.env.PAGES_PER_STORE);

const storePages = Array.from({ length: Math.ceil(storeCount / 100) }, (_, page) => {
  const rows = Array.from({ length: Math.min(100, storeCount - page * 100) }, (_, n) =>
    storeRow(storeSnapshot({ id: `vs_${page * 100 + n}`, name: `Store ${page * 100 + n}` })),
  );
  return pageBuffer(rows, (page + 1) * 100 < storeCount);
});
const attachmentPages = Array.from({ length: pagesPerStore }, (_, page) => {
  const rows = Array.from({ length: 100 }, (_, n) =>
    attachmentRow(
      attachmentSnapshot({ fileId: `file-${page * 100 + n}`, attributes: { topic: 'invoices', n } }),
      'vs_0',
    ),
  );
  for (const row of rows) Reflect.deleteProperty(row, 'vector_store_id');
  return pageBuffer(rows, page + 1 < pagesPerStore);
});

function pageBuffer(rows: readonly { readonly id: string }[], hasMore: boolean): Buffer {
  return Buffer.from(
    JSON.stringify({ object: 'list', data: rows, first_id: rows[0]?.id, last_id: rows.at(-1)?.id, has_more: hasMore }),
  );
}

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '', 'http://localhost');
  const after = Number(/\d+$/.exec(url.searchParams.get('after') ?? '-1')?.[0] ?? -1);
  const pages = url.pathname.endsWith('/files') ? attachmentPages : storePages;
  const body = pages[after < 0 || !url.searchParams.has('after') ? 0 : Math.floor(after / 100) + 1];
  response.writeHead(body === undefined ? 500 : 200, { 'content-type': 'application/json' });
  response.end(body);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.(typeof address === 'object' ? address?.port : null);
});
