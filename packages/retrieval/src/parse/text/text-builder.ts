import { invalid, type ParseFault } from '../parse-fault.ts';

/** Far more text than the 5,000,000 tokens a file may have. */
export const TEXT_UNITS_MAX = 64 * 2 ** 20;
/** Texts are joined in groups, so that millions of tiny ones do not become millions of array entries. */
const PIECES_PER_GROUP = 8192;

/** The error of a file with more text than can be ingested. */
export function textTooLong(): ParseFault {
  return invalid(`The file has more than ${TEXT_UNITS_MAX / 2 ** 20} MB of text. Split it into smaller files.`);
}

/** Counts the text of all parts of one document, and rejects the document when it is too much. */
export class TextBudget {
  #unitsLeft: number;

  constructor(unitsMax: number = TEXT_UNITS_MAX) {
    this.#unitsLeft = unitsMax;
  }

  take(units: number): void {
    this.#unitsLeft -= units;
    if (this.#unitsLeft < 0) throw textTooLong();
  }
}

/** Builds a text from many parts. Each operation takes time by the length of its part, not of the whole text. */
export class TextBuilder {
  readonly #budget: TextBudget;
  readonly #groups: string[] = [];
  #pieces: string[] = [];

  constructor(budget: TextBudget) {
    this.#budget = budget;
  }

  add(piece: string): void {
    if (piece === '') return;
    this.#budget.take(piece.length);
    this.#pieces.push(piece);
    if (this.#pieces.length < PIECES_PER_GROUP) return;
    this.#groups.push(this.#pieces.join(''));
    this.#pieces = [];
  }

  toString(): string {
    return this.#groups.join('') + this.#pieces.join('');
  }
}
