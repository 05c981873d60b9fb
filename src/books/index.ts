export { BOOKED_STREAMS } from './booked-streams.js';
export { JOURNAL_FORMATS, type JournalFormat } from './journal/journal-formats.js';
export { journal } from './journal/journal.js';
