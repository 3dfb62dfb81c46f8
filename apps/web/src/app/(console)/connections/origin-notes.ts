import type { Connection } from '@espejo/contracts';

/** Where a connection that was not made in the console is set; null where there is nothing to say. */
export const ORIGIN_NOTES: Readonly<Record<Connection['origin'], string | null>> = {
  console: null,
  environment:
    'Set by OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_ORG_ID and OPENAI_PROJECT_ID where Espejo is started. Address and key are changed there; name and schedule here.',
  built_in:
    'Built in: a stand-in for OpenAI with sample data, so that Espejo can be tried without an account. It has no address or key to change.',
};
