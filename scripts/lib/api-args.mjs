/**
 * Node arguments of the API. On a machine with much memory V8 lets garbage grow to several times the live heap
 * before it collects; these two limit that, for a few per cent of processor time.
 */
export const API_ARGS = ['--max-semi-space-size=16', '--heap-growing-percent=100', 'apps/api/src/main.ts'];
