import { describe, expect, it } from 'vitest';
import { changeRow, openRows, type UploadRow, uploadSummary } from './upload-list.ts';

const row = (rowId: number, state: UploadRow['state']): UploadRow => ({
  rowId,
  filename: `${rowId}.txt`,
  sizeBytes: 1,
  state,
  share: 0,
  reason: null,
});

describe('the upload list', () => {
  it('summarises the uploads in one line', () => {
    expect(uploadSummary([row(0, 'waiting')])).toBe('0 of 1 file sent');
    expect(uploadSummary([row(0, 'sent'), row(1, 'failed'), row(2, 'cancelled'), row(3, 'sending')])).toBe(
      '1 of 4 files sent, 1 failed, 1 cancelled',
    );
  });

  it('counts an upload as open until it is sent, failed or cancelled, and updates one row at a time', () => {
    const rows = [row(0, 'sent'), row(1, 'sending'), row(2, 'waiting'), row(3, 'failed')];
    expect(openRows(rows).map(({ rowId }) => rowId)).toEqual([1, 2]);
    expect(openRows(changeRow(rows, 1, { state: 'sent', share: 1 })).map(({ rowId }) => rowId)).toEqual([2]);
  });
});
