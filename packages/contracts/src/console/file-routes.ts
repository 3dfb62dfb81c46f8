import { IdParams } from './common.ts';
import { FileDetail, FilePage, ListFilesQuery } from './files.ts';
import { route } from './route.ts';

/** Files of every project, and of our own. */
export const FILE_ROUTES = {
  listFiles: route({
    method: 'GET',
    path: '/api/files',
    summary: 'List files, where they are attached, and orphans',
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
    tag: 'Files',
    action: 'read',
    params: IdParams,
    status: 200,
    response: FileDetail,
  }),
} as const;
