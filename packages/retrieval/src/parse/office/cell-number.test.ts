import { describe, expect, it } from 'vitest';
import { numberFormatOf, numberText } from './cell-number.ts';

const shown = (raw: string, code: string | number, is1904 = false) =>
  numberText(raw, typeof code === 'number' ? numberFormatOf(code, undefined) : numberFormatOf(164, code), is1904);

describe('numberText', () => {
  it.each([
    ['1.5', '[h]:mm', '36:00'],
    ['10.632060185', 46, '255:10:10'],
    ['0.0520833333333333', '[mm]:ss', '75:00'],
    ['0.0725', 10, '7.25%'],
    ['0.5', 9, '50%'],
    ['2134', '00000', '02134'],
    ['1234.5', '#,##0.00 "€"', '1,234.50 €'],
    ['-1250.5', '#,##0.00;(#,##0.00)', '(1,250.50)'],
    ['7', '"No. "0', 'No. 7'],
    ['1234567', '000-000-000', '001-234-567'],
  ])('shows %s under the format %s as %s', (raw, code, text) => {
    expect(shown(raw, code)).toBe(text);
  });

  it.each([
    ['45000', 14, '2023-03-15'],
    ['45000.75', 'dd/mm/yyyy hh:mm', '2023-03-15 18:00:00'],
    ['0.75', 20, '18:00:00'],
    ['45000', 'yyyy"年"m"月"d"日"', '2023-03-15'],
    ['45000', 31, '2023-03-15'],
  ])('shows the date %s under the format %s in ISO form, %s', (raw, code, text) => {
    expect(shown(raw, code)).toBe(text);
  });

  it('counts days from 1904 in workbooks that do', () => {
    expect(shown('43538', 14, true)).toBe('2023-03-15');
  });

  it.each([
    ['4111111111111111', 0],
    ['4111111111111111', 1],
    ['12345678901234567890', 0],
    ['-98765432109876543210', 3],
  ])('keeps every digit of %s under format %i', (raw, code) => {
    expect(shown(raw, code)).toBe(raw);
  });

  it('drops digits that only floating point produced', () => {
    expect(shown('0.30000000000000004', 0)).toBe('0.3');
  });

  it('shows a number that its format hides, and one whose format is invalid', () => {
    expect(shown('5', ';;;')).toBe('5');
    expect(shown('5', '[nonsense')).toBe('5');
    expect(shown('5', 999)).toBe('5');
  });
});
