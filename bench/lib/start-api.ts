import { API_ARGS } from '../../scripts/lib/api-args.mjs';
import type { ApiMethods } from '../processes/api-methods.ts';
import { type Remote, start } from './remote.ts';

/** The API in a separate process, with the flags of `npm start`. */
export function startApi(): Remote<ApiMethods> {
  return start<ApiMethods>(
    'api',
    API_ARGS.filter((arg) => arg.startsWith('--')),
  );
}
