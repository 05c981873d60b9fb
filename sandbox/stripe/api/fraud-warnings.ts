import { text } from '../params.js';
import { list, retrieve, type Route } from './route.js';

const WARNINGS = '/v1/radar/early_fraud_warnings';

export const FRAUD_WARNINGS: readonly Route[] = [
  list('radar.early_fraud_warning', WARNINGS, { charge: text, payment_intent: text }),
  retrieve('radar.early_fraud_warning', WARNINGS),
];
