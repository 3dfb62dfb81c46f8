import type { Connection } from '@espejo/contracts';

const OPENAI_API_HOST = 'api.openai.com';
const OPENAI_DASHBOARD = 'https://platform.openai.com/storage/vector_stores/';

/** The page of a mirrored store in OpenAI's dashboard; null if its project is not at OpenAI. */
export function dashboardHref(storeId: string, connection: Pick<Connection, 'baseUrl'> | undefined): string | null {
  if (connection === undefined || hostOf(connection.baseUrl) !== OPENAI_API_HOST) return null;
  return `${OPENAI_DASHBOARD}${encodeURIComponent(storeId)}`;
}

function hostOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).hostname : null;
}
