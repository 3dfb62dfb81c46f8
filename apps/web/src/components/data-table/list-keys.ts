/** What a key does in a list. */
export type ListAction =
  | { readonly kind: 'enter' }
  | { readonly kind: 'move'; readonly step: 1 | -1 }
  | { readonly kind: 'select'; readonly isRange: boolean }
  | { readonly kind: 'open' }
  | { readonly kind: 'leave' };

/**
 * Where the focus is: in the search of the list, on the link or button that opens a row, on the checkbox of a row, on
 * another control of a row, or on the list itself.
 */
export type ListPlace = 'search' | 'row' | 'checkbox' | 'control' | 'list';

export interface ListKeyPress {
  readonly key: string;
  readonly place: ListPlace;
  readonly isShift: boolean;
  /** Ctrl, Alt or Meta: such keys belong to the browser. */
  readonly isModified: boolean;
  /** The key is held down. */
  readonly isRepeat: boolean;
  /** The rows have checkboxes. */
  readonly isSelectable: boolean;
}

/** The action of a key press in a list; null leaves the key to the browser. */
export function readListKey(press: ListKeyPress): ListAction | null {
  const { place, isShift, isSelectable } = press;
  if (press.isModified) return null;
  if (place === 'search') return press.key === 'ArrowDown' && !isShift ? { kind: 'enter' } : null;
  const isInRow = place !== 'list';
  switch (press.key.length === 1 ? press.key.toLowerCase() : press.key) {
    case 'ArrowDown':
    case 'j':
      return isShift ? null : { kind: 'move', step: 1 };
    case 'ArrowUp':
    case 'k':
      return isShift ? null : { kind: 'move', step: -1 };
    case 'x':
      return isInRow && isSelectable && !press.isRepeat ? { kind: 'select', isRange: isShift } : null;
    case ' ':
      // Space presses a checkbox and other controls in any case.
      return place === 'row' && isSelectable && !press.isRepeat ? { kind: 'select', isRange: isShift } : null;
    case 'Enter':
      // The browser follows the link of a row, and presses other controls.
      return place === 'checkbox' && !press.isRepeat ? { kind: 'open' } : null;
    case 'Escape':
      return { kind: 'leave' };
    default:
      return null;
  }
}

/** The keys of `readListKey` for the help. */
export const LIST_KEYS: readonly { readonly label: string; readonly keys: readonly string[] }[] = [
  { label: 'From the search to the first row', keys: ['↓'] },
  { label: 'To the next row', keys: ['j or ↓'] },
  { label: 'To the row before', keys: ['k or ↑'] },
  { label: 'Select the row, where rows have a checkbox', keys: ['x or Space'] },
  { label: 'Select all rows from the last selected one', keys: ['Shift', 'x'] },
  { label: 'Open the row', keys: ['Enter'] },
  { label: 'From a row back to the search', keys: ['Esc'] },
];
