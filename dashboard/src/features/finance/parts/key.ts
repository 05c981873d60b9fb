/** The document of /api asks for this header where money moves; the client puts the real key in its place. */
export const KEY = { 'Idempotency-Key': 'set by the client' } as const;
