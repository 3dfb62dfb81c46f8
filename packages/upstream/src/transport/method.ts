/**
 * What the ports say to upstream. A search and what publishes are both a POST on the wire, but no client can send both:
 * whoever may search cannot write.
 */
export type Method = 'GET' | 'DELETE' | 'SEARCH' | 'PUBLISH';
