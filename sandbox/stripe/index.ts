// The public interface of the sandbox Stripe; import nothing else from this folder.
export type { Actions } from './actions.js';
export type { Fault } from './faults.js';
export type { DisputeFields } from './flows/disputes.js';
export type { Knobs } from './knobs.js';
export { PAYMENT_SCENARIOS, type PaymentScenario } from './payment-scenario.js';
export { type SandboxStripe, type SandboxStripeOptions, startSandboxStripe } from './sandbox-stripe.js';
