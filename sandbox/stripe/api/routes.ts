// All routes of the API. Any other path gets Stripe's 404.
import { BALANCE } from './balance.js';
import { CHARGES } from './charges.js';
import { CUSTOMERS } from './customers.js';
import { DISPUTES } from './disputes.js';
import { EVENTS } from './events.js';
import { FRAUD_WARNINGS } from './fraud-warnings.js';
import { PAYMENT_INTENTS } from './payment-intents.js';
import { PAYMENT_METHODS } from './payment-methods.js';
import type { Route } from './route.js';
import { SESSIONS } from './sessions.js';
import { TAX } from './tax.js';

export const ROUTES: readonly Route[] = [
  ...BALANCE,
  ...CHARGES,
  ...CUSTOMERS,
  ...DISPUTES,
  ...EVENTS,
  ...FRAUD_WARNINGS,
  ...PAYMENT_INTENTS,
  ...PAYMENT_METHODS,
  ...SESSIONS,
  ...TAX,
];
