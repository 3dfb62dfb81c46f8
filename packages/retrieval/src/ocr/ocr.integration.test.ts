import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createParserPool } from '../parse/parser-pool.ts';
import type { Parser } from '../parse/port.ts';
import { makeScannedPdf } from '../testing/make-scanned-pdf.ts';
import { createRecognizer, missingRecognitionPackages } from './create-recognizer.ts';
import { withRecognition } from './with-recognition.ts';

const missing = missingRecognitionPackages();
if (missing.length > 0) console.warn(`SKIPPED: text recognition is not installed here (${missing.join(', ')}).`);

describe.skipIf(missing.length > 0)('text recognition', () => {
  let folder: string;
  let parser: Parser;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ocr-'));
    const options = { readableFolders: [folder], memoryMb: 1024, timeoutMs: 280_000 };
    parser = withRecognition(createParserPool({ ...options, processes: 1 }), createRecognizer(options));
  });
  afterAll(async () => {
    await parser.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('reads a scanned page in a process of its own, offline and within its memory, and reports it', async () => {
    const path = join(folder, 'scan.pdf');
    await writeFile(
      path,
      await makeScannedPdf(['The lavender contract ends in October.', 'Notice period: ninety days.']),
    );
    expect(await parser.parse({ path, filename: 'scan.pdf', sizeBytes: 1 })).toEqual({
      ok: true,
      document: {
        mimeType: 'application/pdf',
        sections: [{ text: 'The lavender contract ends in October.\nNotice period: ninety days.', page: 1 }],
        gaps: ['Page 1 is read by text recognition (OCR), which makes mistakes.'],
      },
    });
  });
});
