import { isJsonObject } from '../parse/parse-fields.ts';

const SAYS_ABSENT =
  /\bno such\b|\bno\b.{0,60}\bfound\b|\bnot found\b|n[o']t (be )?(found|find|exist)|\bunknown\b|\bdeleted\b/i;
const ABSENT_OBJECT_CODE = /^(vector_?store|file|vector_?store_?file)_?not_?found$/i;
const OBJECT_PARAMS: ReadonlySet<string> = new Set(['id', 'vector_store_id', 'file_id']);

/** The words of a server for an unknown route, and the request line that it then quotes. */
const ABOUT_ROUTE = /\b(url|uri|route|endpoint|path|page|method)\b|\b(get|head|post|put|patch|delete)\b[\s:]*\//i;
const ROUTE_CODE = /url|route|endpoint|path|method/i;

/** "…or you do not have access to it", "…has expired": the object may still exist. */
const LEAVES_DOUBT = /\baccess\b|\bpermi|\bauthori|\bforbidden\b|\bscope\b|\bexpire/i;

/**
 * Whether the body of a 404 proves that the object with one of these ids is gone. Only a server that looked the object
 * up can say so: the body must be OpenAI's error envelope, must state absence, and must name the object (by its id, its
 * parameter or a code of its own). A wrong base URL also gives a 404, and its error may quote the path, so an id inside
 * a path does not count. In doubt the result is false: a mirror keeps what is not proven gone.
 */
export function provesAbsence(body: unknown, subjectIds: readonly string[]): boolean {
  if (!isJsonObject(body) || !isJsonObject(body.error)) return false;
  const { message, param, code } = body.error;
  if (typeof message !== 'string') return false;
  const codeText = typeof code === 'string' ? code : '';
  if (ABOUT_ROUTE.test(message) || ROUTE_CODE.test(codeText) || LEAVES_DOUBT.test(message)) return false;

  const isOwnCode = ABSENT_OBJECT_CODE.test(codeText);
  if (!isOwnCode && !SAYS_ABSENT.test(message)) return false;
  const namesParam = typeof param === 'string' && OBJECT_PARAMS.has(param);
  return isOwnCode || namesParam || subjectIds.some((id) => namesAsWord(message, id));
}

/** Whether `text` contains `id` as a separate word: not inside a longer id and not as a segment of a path. */
function namesAsWord(text: string, id: string): boolean {
  for (let at = text.indexOf(id); at !== -1; at = text.indexOf(id, at + 1)) {
    const before = text.charAt(at - 1);
    const after = text.charAt(at + id.length);
    if (!/[\w/-]/.test(before) && !/[\w/?-]/.test(after)) return true;
  }
  return false;
}
