/** What `npm run graph` prints, under Node 24; ends with code 1 where a cycle or a broken rule is found. */
import process from 'node:process';
import { checkImportGraph } from './lib/check-import-graph.mjs';

const { lines, faults } = checkImportGraph();
console.log([...lines, ...faults].join('\n'));
if (faults.length > 0) process.exit(1);
