import { expect, it } from 'vitest';
import { type ChordState, type KeyPress, NO_CHORD, readShortcut, type ShortcutAction } from './shortcuts.ts';

function press(key: string, over: Partial<KeyPress> = {}): KeyPress {
  return { key, isCtrlOrMeta: false, isAlt: false, isBusy: false, atMs: 0, ...over };
}

function type(...presses: KeyPress[]): (ShortcutAction | null)[] {
  let state: ChordState = NO_CHORD;
  return presses.map((one) => {
    const result = readShortcut(state, one);
    state = result.state;
    return result.action;
  });
}

it('opens a page on the shortcut of two keys in quick succession', () => {
  expect(type(press('g'), press('f', { atMs: 800 }))).toEqual([null, { kind: 'go', path: '/files' }]);
  expect(type(press('g'), press('f', { atMs: 1300 }))).toEqual([null, null]);
  expect(type(press('f'))).toEqual([null]);
  expect(type(press('g'), press('x'), press('f'))).toEqual([null, null, null]);
});

it('ignores every shortcut while the user types, except the one for the palette', () => {
  for (const key of ['/', '?', 'g']) expect(type(press(key, { isBusy: true }))).toEqual([null]);
  expect(type(press('g', { isBusy: true }), press('s'))).toEqual([null, null]);
  expect(type(press('k', { isBusy: true, isCtrlOrMeta: true }))).toEqual([{ kind: 'palette' }]);
});

it('ignores the keyboard shortcuts of the browser', () => {
  expect(type(press('g', { isCtrlOrMeta: true }), press('s'))).toEqual([null, null]);
  expect(type(press('/', { isAlt: true }))).toEqual([null]);
});

it('focuses the search on / and opens the help on ?', () => {
  expect(type(press('/'), press('?'))).toEqual([{ kind: 'search' }, { kind: 'help' }]);
});
