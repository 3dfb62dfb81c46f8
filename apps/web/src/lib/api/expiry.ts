import type { ConvertExpiryBody, ExtendVectorStoresBody } from '@espejo/contracts';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api } from './client.ts';

/** An expiry policy converted to every format, before it is saved. */
export const expiryConversionQuery = (body: ConvertExpiryBody | null) =>
  queryOptions({
    queryKey: ['expiry-conversion', body],
    queryFn: ({ signal }) => api('convertExpiry', { body: body ?? {}, signal }),
    enabled: body !== null,
    placeholderData: keepPreviousData,
    retry: false,
  });

export function extendVectorStores(body: ExtendVectorStoresBody) {
  return api('extendVectorStores', { body });
}
