export * from './booked-streams.js';
export * from './payout.js';
export * from './postings.js';
export * from './topup.events.js';
