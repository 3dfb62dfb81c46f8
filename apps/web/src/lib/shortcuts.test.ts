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

it('goes to a page with two keys, within the time of one thought', () => {
  expect(type(press('g'), press('f', { atMs: 800 }))).toEqual([null, { kind: 'go', path: '/files' }]);
  expect(type(press('g'), press('f', { atMs: 1300 }))).toEqual([null, null]);
  expect(type(press('f'))).toEqual([null]);
  expect(type(press('g'), press('x'), press('f'))).toEqual([null, null, null]);
});

it('never acts while somebody types, but the palette always opens', () => {
  for (const key of ['/', '?', 'g']) expect(type(press(key, { isBusy: true }))).toEqual([null]);
  expect(type(press('g', { isBusy: true }), press('s'))).toEqual([null, null]);
  expect(type(press('k', { isBusy: true, isCtrlOrMeta: true }))).toEqual([{ kind: 'palette' }]);
});

it('leaves the browser its own keys', () => {
  expect(type(press('g', { isCtrlOrMeta: true }), press('s'))).toEqual([null, null]);
  expect(type(press('/', { isAlt: true }))).toEqual([null]);
});

it('knows search and help', () => {
  expect(type(press('/'), press('?'))).toEqual([{ kind: 'search' }, { kind: 'help' }]);
});
