import { IdParams } from '../common.ts';
import { route } from '../route.ts';
import { FileDetail, FilePage, ListFilesQuery } from './files.ts';

/** Files of every project, and primary files. */
export const FILE_ROUTES = {
  listFiles: route({
    method: 'GET',
    path: '/api/files',
    summary: 'List files, where they are attached, and orphans',
    description:
      'Files of every project and of this Espejo, with the stores they are attached to. `orphan=true` keeps those that no store and no other tool is known to use.',
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
    summary: 'Get a file with every store it is attached to',
    description: 'Lists every store that the file is attached to, and which other tools are known to use it.',
    errors: ['file_not_found'],
    tag: 'Files',
    action: 'read',
    params: IdParams,
    status: 200,
    response: FileDetail,
  }),
} as const;
