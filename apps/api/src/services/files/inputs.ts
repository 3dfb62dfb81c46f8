export interface ListFilesQuery {
  readonly limit: number;
  readonly sort: 'createdAt' | 'filename' | 'bytes';
  readonly order: 'asc' | 'desc';
  readonly cursor?: string | undefined;
  readonly orphan?: boolean | undefined;
  readonly connectionId?: string | undefined;
  readonly purpose?: string | undefined;
  readonly q?: string | undefined;
}
