export type ShortcutAction =
  | { readonly kind: 'palette' }
  | { readonly kind: 'search' }
  | { readonly kind: 'help' }
  | { readonly kind: 'go'; readonly path: string };

export interface KeyPress {
  readonly key: string;
  readonly isCtrlOrMeta: boolean;
  readonly isAlt: boolean;
  /** The focus is in a field or a dialog is open: only the palette shortcut works. */
  readonly isBusy: boolean;
  readonly atMs: number;
}

export interface ChordState {
  /** When `g` was pressed and its second key is still expected; otherwise null. */
  readonly leaderAtMs: number | null;
}

export const NO_CHORD: ChordState = { leaderAtMs: null };
const CHORD_MS = 1200;

/** Second keys of the `g` chords; the help lists them too. */
export const GO_TO: Readonly<Record<string, { readonly path: string; readonly label: string }>> = {
  o: { path: '/overview', label: 'Overview' },
  s: { path: '/stores', label: 'Vector stores' },
  f: { path: '/files', label: 'Files' },
  y: { path: '/sync', label: 'Sync' },
  b: { path: '/agents', label: 'Agents' },
  d: { path: '/storage-debt', label: 'Storage debt' },
  r: { path: '/transfers', label: 'Transfers' },
  t: { path: '/tasks', label: 'Tasks' },
  a: { path: '/audit', label: 'Audit' },
  c: { path: '/connections', label: 'Connections' },
  p: { path: '/people', label: 'People' },
  e: { path: '/settings', label: 'Settings' },
};

/** The action of a key press and the state for the next one. Pure: the page keeps the state. */
export function readShortcut(
  state: ChordState,
  press: KeyPress,
): { readonly state: ChordState; readonly action: ShortcutAction | null } {
  if (press.isCtrlOrMeta && press.key.toLowerCase() === 'k') return { state: NO_CHORD, action: { kind: 'palette' } };
  if (press.isBusy || press.isCtrlOrMeta || press.isAlt) return { state: NO_CHORD, action: null };
  if (state.leaderAtMs !== null && press.atMs - state.leaderAtMs <= CHORD_MS) {
    const target = GO_TO[press.key];
    if (target) return { state: NO_CHORD, action: { kind: 'go', path: target.path } };
  }
  if (press.key === 'g') return { state: { leaderAtMs: press.atMs }, action: null };
  if (press.key === '/') return { state: NO_CHORD, action: { kind: 'search' } };
  if (press.key === '?') return { state: NO_CHORD, action: { kind: 'help' } };
  return { state: NO_CHORD, action: null };
}
