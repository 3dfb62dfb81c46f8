import { parentPort } from 'node:worker_threads';
import { type FileToParse, parseFile } from './parse-file.ts';

/** One file at a time. What is thrown is no fault of the file: null, and the pool starts a new thread. */
parentPort?.on('message', (file: FileToParse) => {
  parseFile(file).then(
    (result) => parentPort?.postMessage({ result }),
    () => parentPort?.postMessage({ result: null }),
  );
});
