import { describe, expect, it } from 'vitest';
import { pageText, type TextRun } from './page-text.ts';

const SIZE = 10;

function run(str: string, x: number, y: number, fields: Partial<TextRun> & { readonly size?: number } = {}): TextRun {
  const { size = SIZE, ...rest } = fields;
  return {
    str,
    transform: [size, 0, 0, size, x, y],
    width: str.length * size * 0.5,
    height: size,
    hasEOL: false,
    dir: 'ltr',
    ...rest,
  };
}

describe('pageText', () => {
  it('adds a line break before a run that begins far to the left, even if hardly lower', () => {
    expect(pageText([run('Surcharge', 450, 660), run('9999 ZZ Sampleton', 60, 656)])).toBe(
      'Surcharge\n9999 ZZ Sampleton',
    );
  });

  it('adds a space when a gap on the page separates two runs', () => {
    expect(pageText([run('Net', 60, 700), run('40.50', 90, 700)])).toBe('Net 40.50');
  });

  it('joins runs that touch, like letters of one word in two fonts', () => {
    expect(pageText([run('W', 60, 700), run('arranty', 65, 700)])).toBe('Warranty');
  });

  it('keeps a raised or lowered sign in its line', () => {
    expect(pageText([run('H', 60, 700), run('2', 65, 697, { size: 6 }), run('O', 68, 700)])).toBe('H2O');
  });

  it('keeps text once that is drawn twice to look bold, also for a whole line', () => {
    expect(pageText([run('Invoice', 60, 700), run('Invoice', 60.3, 700)])).toBe('Invoice');
    const line = [run('Total', 60, 700), run('due', 90, 700)];
    const shadow = [run('Total', 60.5, 699.5), run('due', 90.5, 699.5)];
    expect(pageText([...line, ...shadow])).toBe('Total due');
  });

  it('keeps equal words in different places', () => {
    expect(pageText([run('no', 60, 700), run('no', 90, 700)])).toBe('no no');
  });

  it('leaves out ruby readings above Japanese words, so that the words stay whole', () => {
    const runs = [
      run('東', 60, 700, { width: 10 }),
      run('とう', 60, 709, { size: 5 }),
      run('京', 70, 700, { width: 10 }),
    ];
    expect(pageText(runs)).toBe('東京');
  });

  it('joins right-to-left runs that are drawn in reading order', () => {
    const runs = [
      run('שלום', 180, 700, { dir: 'rtl' }),
      run('עולם', 150, 700, { dir: 'rtl' }),
      run('טוב', 135, 700, { dir: 'rtl' }),
    ];
    expect(pageText(runs)).toBe('שלום עולםטוב');
  });

  it('reorders a right-to-left line that was drawn from the left', () => {
    const runs = [run('עולם', 150, 700, { dir: 'rtl' }), run('שלום', 180, 700, { dir: 'rtl' })];
    expect(pageText(runs)).toBe('שלום עולם');
  });

  it('reads text that is rotated by a quarter turn', () => {
    const turned = (str: string, x: number, y: number): TextRun => ({
      ...run(str, 0, 0),
      transform: [0, 10, -10, 0, x, y],
    });
    expect(pageText([turned('Side', 50, 100), turned('note', 50, 130), turned('below', 70, 100)])).toBe(
      'Side note\nbelow',
    );
  });

  it('adds a value to the line beside it, and one without a line after the text, from the top', () => {
    const placed = [
      { text: 'low', left: 10, bottom: 90, top: 110 },
      { text: 'high', left: 10, bottom: 290, top: 310 },
      { text: 'Smith', left: 150, bottom: 696, top: 712 },
    ];
    expect(pageText([run('Surname:', 60, 700)], placed)).toBe('Surname: Smith\nhigh\nlow');
  });
});
