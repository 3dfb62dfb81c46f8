import { parseFile } from '../parse-file.ts';
import { serveFiles } from './serve-files.ts';

serveFiles(parseFile);
