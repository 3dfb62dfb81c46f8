/**
 * What Node is called with to run the API. On a machine with much memory V8 lets garbage grow to several times what is in use
 * before it collects; these two bound that, for a few per cent of processor time.
 */
export const API_ARGS = ['--max-semi-space-size=16', '--heap-growing-percent=100', 'apps/api/src/main.ts'];
