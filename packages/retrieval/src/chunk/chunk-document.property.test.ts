import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ParsedDocument } from '../parse/port.ts';
import { chunkDocument } from './chunk-document.ts';
import { countTokens, tokenEnds } from './tokenizer.ts';

const run = fc
  .tuple(
    fc.constantFrom('word ', 'x', ' ', '\n', '漢字', '😀', '🫠', '12 ', 'é', '\ud800'),
    fc.integer({ min: 1, max: 120 }),
  )
  .map(([part, count]) => part.repeat(count));
const text = fc.array(run, { maxLength: 12 }).map((runs) => runs.join(''));
const strategy = fc.integer({ min: 100, max: 300 }).chain((maxTokens) =>
  fc.record({
    maxTokens: fc.constant(maxTokens),
    overlapTokens: fc.integer({ min: 0, max: Math.floor(maxTokens / 2) }),
  }),
);
const sections = fc.array(fc.record({ text, page: fc.integer({ min: 1, max: 9 }) }), { maxLength: 4 });

const documentOf = (parts: ParsedDocument['sections']): ParsedDocument => ({ mimeType: 'text/plain', sections: parts });
const joined = (parts: ParsedDocument['sections']): string => parts.map((section) => section.text).join('\n');
/** A character has at most four tokens, so a boundary moves by three at most. */
const CHAR_SLACK = 3;

describe('chunkDocument', () => {
  it('reproduces the text from its offsets, in order and without a gap', () => {
    fc.assert(
      fc.property(sections, strategy, (parts, asked) => {
        const whole = joined(parts);
        let rebuilt = '';
        for (const [index, chunk] of chunkDocument(documentOf(parts), asked).entries()) {
          expect(chunk.ordinal).toBe(index);
          expect(chunk.text).toBe(whole.slice(chunk.startOffset, chunk.endOffset));
          expect(chunk.startOffset).toBeLessThanOrEqual(rebuilt.length);
          expect(chunk.endOffset).toBeGreaterThan(rebuilt.length);
          rebuilt += whole.slice(rebuilt.length, chunk.endOffset);
        }
        expect(rebuilt).toBe(whole);
      }),
    );
  });

  it('makes windows of exactly the requested tokens, except where a character would be split, and at the end', () => {
    fc.assert(
      fc.property(text, strategy, (whole, asked) => {
        const ends = [...tokenEnds(whole)];
        const chunks = chunkDocument(documentOf([{ text: whole, page: null }]), asked);
        let first = 0;
        for (const [index, chunk] of chunks.entries()) {
          const isLast = index === chunks.length - 1;
          const end = first + chunk.tokenCount;
          expect(chunk.endOffset).toBe(ends[end - 1]);
          if (isLast) expect(end).toBe(ends.length);
          expect(chunk.tokenCount).toBeLessThanOrEqual(asked.maxTokens);
          if (!isLast) expect(chunk.tokenCount).toBeGreaterThanOrEqual(asked.maxTokens - CHAR_SLACK);
          const next = chunks[index + 1];
          if (next === undefined) continue;
          const nextFirst = next.startOffset === 0 ? 0 : ends.lastIndexOf(next.startOffset, end - 1) + 1;
          expect(end - nextFirst).toBeGreaterThanOrEqual(asked.overlapTokens);
          expect(end - nextFirst).toBeLessThanOrEqual(asked.overlapTokens + CHAR_SLACK);
          first = nextFirst;
        }
      }),
    );
  });

  it('keeps surrogate pairs whole', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99 }), strategy, (lead, asked) => {
        const whole = `${'a'.repeat(lead)}${'🫠'.repeat(400)}`;
        for (const chunk of chunkDocument(documentOf([{ text: whole, page: null }]), asked)) {
          expect(chunk.text.isWellFormed()).toBe(true);
        }
      }),
    );
  });

  it('returns the page and the line on which a chunk begins', () => {
    fc.assert(
      fc.property(sections, strategy, (parts, asked) => {
        const whole = joined(parts);
        for (const chunk of chunkDocument(documentOf(parts), asked)) {
          expect(chunk.line).toBe(whole.slice(0, chunk.startOffset).split('\n').length);
          let sectionStart = 0;
          let page: number | null = null;
          for (const part of parts) {
            if (sectionStart <= chunk.startOffset || page === null) page = part.page;
            sectionStart += part.text.length + 1;
          }
          // The newline that joins two sections belongs to the second as well as to the first.
          const isJoin = whole[chunk.startOffset] === '\n';
          if (!isJoin) expect(chunk.page).toBe(page);
        }
      }),
    );
  });

  it('counts the tokens of the whole text when it is one chunk', () => {
    fc.assert(
      fc.property(text, (whole) => {
        const chunks = chunkDocument(documentOf([{ text: whole, page: null }]), { maxTokens: 4096, overlapTokens: 0 });
        expect(chunks.reduce((sum, chunk) => sum + chunk.tokenCount, 0)).toBe(countTokens(whole));
      }),
    );
  });
});
