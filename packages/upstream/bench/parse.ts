import { parseAttachment } from '../src/parse/parse-attachment.ts';
import { parseFile } from '../src/parse/parse-file.ts';
import { parsePage } from '../src/parse/parse-page.ts';
import { parseStore } from '../src/parse/parse-store.ts';
import { attachmentSnapshot, fileSnapshot, storeSnapshot } from '../src/testing/snapshots.ts';
import { attachmentRow, fileRow, storeRow } from '../src/testing/wire-rows.ts';

/* Time to check and to convert one row, with JSON.parse for comparison. Run: node packages/upstream/bench/parse.ts */
const ROWS = 10_000;
const ROUNDS = 60;

const kinds = {
  store: { row: (n: number) => storeRow(storeSnapshot({ id: `vs_${n}`, name: `Store ${n}` })), parse: parseStore },
  attachment: {
    row: (n: number) => attachmentRow(attachmentSnapshot({ fileId: `file-${n}`, attributes: { n } }), 'vs_0'),
    parse: (row: unknown) => parseAttachment(row, 'vs_0'),
  },
  file: { row: (n: number) => fileRow(fileSnapshot({ id: `file-${n}` })), parse: parseFile },
};

for (const [kind, { row, parse }] of Object.entries(kinds)) {
  const text = JSON.stringify({
    object: 'list',
    data: Array.from({ length: ROWS }, (_, n) => row(n)),
    has_more: false,
  });
  let jsonMs = 0;
  let parseMs = 0;
  for (let round = -5; round < ROUNDS; round++) {
    const startedAt = performance.now();
    const body: unknown = JSON.parse(text);
    const parsedAt = performance.now();
    parsePage<unknown>(body, ROWS + 1, parse);
    if (round < 0) continue;
    jsonMs += parsedAt - startedAt;
    parseMs += performance.now() - parsedAt;
  }
  const perRowNs = (ms: number) => ((ms * 1e6) / (ROWS * ROUNDS)).toFixed(0);
  console.log(`${kind}: ${perRowNs(parseMs)} ns a row (JSON.parse ${perRowNs(jsonMs)} ns)`);
}
