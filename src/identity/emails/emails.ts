// The emails about a person's own account, in both languages.
import type { Language } from '../../platform/mail/index.js';
import { en } from './emails.en.js';
import { zh } from './emails.zh.js';

export type Emails = typeof en;
export const EMAILS: Readonly<Record<Language, Emails>> = { en, zh };
