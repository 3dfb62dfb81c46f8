import { describe, expect, it } from 'vitest';
import { toPublishedAttributes, toPublishedName } from './published-name.ts';

describe('the name of a published file', () => {
  it.each([
    ['report.PDF', 'report.pdf'],
    ['NOTES.MD', 'NOTES.md'],
    ['Mixed.Case.DocX', 'Mixed.Case.docx'],
    ['archive.TAR.GZ', 'archive.TAR.gz'],
    ['lower.txt', 'lower.txt'],
    ['README', 'README'],
    ['V1.0/README', 'V1.0/README'],
    ['trailing.', 'trailing.'],
    ['résumé.ÉÀ', 'résumé.ÉÀ'],
  ])('turns %s into %s: only the extension is put in lower case', (name, published) => {
    expect(toPublishedName(name, false)).toBe(published);
  });

  it('shows that adopted text is text', () => {
    expect(toPublishedName('report.PDF', true)).toBe('report.PDF.txt');
  });

  it('is kept as an attribute in its original form, where it differs and there is room', () => {
    const names = { own: 'report.PDF', published: 'report.pdf' };
    expect(toPublishedAttributes({ topic: 'a' }, names)).toEqual({ topic: 'a', filename: 'report.PDF' });
    expect(toPublishedAttributes({ topic: 'a' }, { own: 'a.pdf', published: 'a.pdf' })).toEqual({ topic: 'a' });
    expect(toPublishedAttributes({}, { own: 'a.pdf', published: 'a.pdf.txt' })).toEqual({});
    expect(toPublishedAttributes({ filename: 'mine' }, names)).toEqual({ filename: 'mine' });
    const full = Object.fromEntries(Array.from({ length: 16 }, (_, i) => [`k${i}`, i]));
    expect(toPublishedAttributes(full, names)).toEqual(full);
  });
});
