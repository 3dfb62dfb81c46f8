import { serveFiles } from '../parse/process/serve-files.ts';
import { recognizePages } from './recognize-pages.ts';

serveFiles(recognizePages);
