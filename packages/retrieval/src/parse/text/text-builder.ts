import { invalid, type ParseFault } from '../parse-fault.ts';

/** Far more text than the 5,000,000 tokens a file may have. */
export const TEXT_UNITS_MAX = 64 * 2 ** 20;
/** Pieces are joined in groups, so that millions of tiny ones do not become millions of array entries. */
const PIECES_PER_GROUP = 8192;

/** What a file with more text than can be taken in is refused with. */
export function textTooLong(): ParseFault {
  return invalid(`The file has more than ${TEXT_UNITS_MAX / 2 ** 20} MB of text. Split it into smaller files.`);
}

/** Counts the text that all parts of one document give, and refuses the document when it is more than can be used. */
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

/** Text made of many pieces. Each operation costs what its piece is long, however long the text is already. */
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
