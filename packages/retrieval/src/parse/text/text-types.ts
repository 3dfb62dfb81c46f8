import { extname } from 'node:path';

/** The type of a text by its file extension, because content cannot tell Python from prose. */
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

/** Other names of plain text. */
const TEXT_NAMES = new Set([
  '.text',
  '.log',
  '.markdown',
  '.rst',
  '.adoc',
  '.org',
  '.ini',
  '.toml',
  '.cfg',
  '.conf',
  '.sql',
  '.tsx',
  '.jsx',
  '.mjs',
  '.mts',
  '.rs',
  '.kt',
  '.swift',
  '.scala',
  '.lua',
  '.pl',
  '.r',
  '.bat',
  '.ps1',
  '.vtt',
  '.srt',
  '.po',
  '.properties',
  '.diff',
  '.patch',
]);

const HTML_START =
  /^\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--(?:[^-]|-(?!->)){0,1000}-->\s*)*<(?:!doctype\s+html|html[\s>])/i;
/** A complete page closes what it opened; a text about pages does not. */
const HTML_END = /<\/(?:html|body)\s*>\s*(?:<!--(?:[^-]|-(?!->)){0,1000}-->\s*)*$/i;
const HTML_SAMPLE_UNITS = 4096;

/** Whether a name means that the file is text. */
export function isNamedAsText(filename: string): boolean {
  const extension = extname(filename).toLowerCase();
  return MIME_OF_EXTENSION[extension] !== undefined || TEXT_NAMES.has(extension);
}

/** The type of a text. One that begins and ends like a page is a page, unless its name means source code. */
export function textTypeOf(text: string, extension: string): string {
  const named = MIME_OF_EXTENSION[extension];
  const isOpen = named === undefined || named === 'text/plain';
  if (isOpen && HTML_START.test(text.slice(0, HTML_SAMPLE_UNITS)) && HTML_END.test(text.slice(-HTML_SAMPLE_UNITS))) {
    return 'text/html';
  }
  return named ?? 'text/plain';
}
