// What the command line and the start of a gateway use. The modules that only a gateway has are imported by app.module.ts.
export { FilePlace } from './checkpoints/file-place.js';
export { lockLedger, openEventStore } from './stores/open-stores.js';
export { prepareServers } from './stores/prepare-servers.js';
export {
  faultBehind,
  grantEventStoreUser,
  ledgerFault,
  mongoDbFaults,
  refuseFault,
  sentenceOf,
  storeFault,
  type StoreFault,
} from './stores/store-check.js';
export { StoresModule } from './stores/stores.module.js';
export { StripeCommandsModule } from './stripe/stripe-commands.module.js';
export { prepareOutgoing } from './outgoing/prepare-outgoing.js';
export { configuredChannels } from './configuration/channel-config.js';
