/** What `npm run graph` prints, under Node 24; exits with code 1 if a cycle or a broken rule is found. */
import process from 'node:process';
import { checkImportGraph } from './lib/check-import-graph.mjs';

const { lines, faults } = checkImportGraph();
console.log([...lines, ...faults].join('\n'));
if (faults.length > 0) process.exit(1);
