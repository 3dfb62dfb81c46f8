/** What a text is, by the end of its name: content cannot tell Python from prose. */
const MIME_OF_EXTENSION: Readonly<Record<string, string>> = {
  '.c': 'text/x-c',
  '.cpp': 'text/x-c++',
  '.cs': 'text/x-csharp',
  '.css': 'text/css',
  '.csv': 'text/csv',
  '.go': 'text/x-golang',
  '.htm': 'text/html',
  '.html': 'text/html',
  '.java': 'text/x-java',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.jsonl': 'application/x-ndjson',
  '.md': 'text/markdown',
  '.php': 'text/x-php',
  '.py': 'text/x-python',
  '.rb': 'text/x-ruby',
  '.sh': 'application/x-sh',
  '.tex': 'text/x-tex',
  '.ts': 'application/typescript',
  '.tsv': 'text/tab-separated-values',
  '.txt': 'text/plain',
  '.xhtml': 'text/html',
  '.xml': 'application/xml',
  '.yaml': 'application/yaml',
  '.yml': 'application/yaml',
};

const HTML_START = /^\s*(?:<\?xml[^>]*>\s*)?(?:<!--[^>]*-->\s*)*<(?:!doctype\s+html|html[\s>])/i;

/** The type of a text. A page that begins like one is one, unless its name says it is source of another kind. */
export function textTypeOf(text: string, extension: string): string {
  const named = MIME_OF_EXTENSION[extension];
  const isOpen = named === undefined || named === 'text/plain';
  if (isOpen && HTML_START.test(text.slice(0, 2048))) return 'text/html';
  return named ?? 'text/plain';
}
