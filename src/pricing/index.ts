export * from './catalogue.js';
export * from './price-book.js';
export { checkPriceList, type Fault } from './price-list.check.js';
export * from './price-list.decider.js';
export * from './price-list.js';
export * from './rate.js';
export * from './usage.js';
export * from './pricing.messages.js';
export { PricingModule } from './pricing.module.js';
