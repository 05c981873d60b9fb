export { type Count, COUNTS, type GivenCounts, HandCharges } from './charges/hand-charges.js';
export { explanationText } from './explain/explanation-text.js';
export { Explanations } from './explain/explanations.js';
export {
  type MigrationReport,
  MigrationRefused,
  type MigrationStage,
  StoreMigration,
} from './migrate/migrate-store.js';
export type { ChoiceInput } from './queue/choice.js';
export { sentenceOf } from './queue/effect.js';
export { QueueHands } from './queue/hands.js';
export { OperatorQueue } from './queue/operator-queue.js';
export { QueueChoices } from './queue/queue-choices.js';
export { QUEUE_KINDS, type QueueItem, type QueueKind } from './queue/queue-item.js';
export { installedPrices, type NamedPrices, pricesIn } from './prices/price-sources.js';
export { PROJECTIONS } from './projections.js';
export { differenceText } from './replay/difference-text.js';
export * from './replay/replay.js';
export { isOfThisRelease, knownViews } from './views/known-views.js';
export { verify } from './verify/verify.js';
export { OperationsModule } from './operations.module.js';
