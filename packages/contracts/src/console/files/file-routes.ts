import { IdParams } from '../common.ts';
import { route } from '../route.ts';
import { FileDetail, FilePage, ListFilesQuery } from './files.ts';

/** Files of every project, and of our own. */
export const FILE_ROUTES = {
  listFiles: route({
    method: 'GET',
    path: '/api/files',
    summary: 'List files, where they are attached, and orphans',
    description:
      'Files of every project and of this Espejo, with the stores that hold them. `orphan=true` keeps those that no store and no other tool is known to hold.',
    errors: [],
    tag: 'Files',
    action: 'read',
    query: ListFilesQuery,
    status: 200,
    response: FilePage,
  }),
  getFile: route({
    method: 'GET',
    path: '/api/files/:id',
    summary: 'Get a file with every store that holds it',
    description: 'Names every store that holds the file, and which other tools are known to have it.',
    errors: ['file_not_found'],
    tag: 'Files',
    action: 'read',
    params: IdParams,
    status: 200,
    response: FileDetail,
  }),
} as const;
