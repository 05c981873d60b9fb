export * from './booked-streams.js';
export * from './payout.js';
export * from './postings.js';
export * from './topup.events.js';
export * from './payment-provider.js';
export type * from './topup.commands.js';
export type { TopupOrder, TopupState } from './topup.state.js';
