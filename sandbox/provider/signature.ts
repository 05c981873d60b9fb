import { createHash } from 'node:crypto';

/** A provider's signature of its thoughts, which shows whether they come back unchanged: the same for the same text. */
export const sign = (text: string): string => createHash('sha256').update(`sandbox ${text}`).digest('base64');
