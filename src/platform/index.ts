export { Lifecycle } from './lifecycle.js';
export { createLogger, LOGGER, NestLogger } from './logger.js';
export { standardOutput } from './log-output.js';
export { Metrics, SCRAPE_WAIT_MS } from './metrics.js';
export { Outage } from './outage.js';
export { type PeriodicWorker, PeriodicWorkers } from './periodic-workers.js';
export { PlatformModule } from './platform.module.js';
