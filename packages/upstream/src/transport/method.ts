/**
 * The kinds of requests of the ports. A search and a publication are both a POST, but no client can send both, so the
 * search port cannot write.
 */
export type Method = 'GET' | 'DELETE' | 'SEARCH' | 'PUBLISH';
