import type { Connection } from '@espejo/contracts';

/** Where a connection that was not created in the console is configured; null for one that was. */
export const ORIGIN_NOTES: Readonly<Record<Connection['origin'], string | null>> = {
  console: null,
  environment:
    'Set by OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_ORG_ID and OPENAI_PROJECT_ID in the environment of Espejo. Change address and key there; change name and schedule here.',
  built_in:
    'The built-in sandbox: a simulated OpenAI project with sample data, for use without an account. It has no address or key to change.',
};
