export { Lifecycle } from './lifecycle.js';
export { createLogger, failing, LOGGER, NestLogger } from './logger.js';
export { Metrics } from './metrics.js';
export { PlatformModule } from './platform.module.js';
