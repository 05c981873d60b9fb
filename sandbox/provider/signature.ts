import { createHash } from 'node:crypto';

/** What a provider signs its thoughts with, so that it can tell whether they come back unchanged: the same for the same text. */
export const sign = (text: string): string => createHash('sha256').update(`sandbox ${text}`).digest('base64');
