import { Module } from '@nestjs/common';
import { CONFIG, type Config } from './config.js';
import { Lifecycle } from './lifecycle.js';
import { createLogger, LOGGER } from './logger.js';
import { Metrics } from './metrics.js';
import { PeriodicWorkers } from './periodic-workers.js';

/** Logging, metrics, periodic work and the state of the process, for every module. */
@Module({
  providers: [
    Lifecycle,
    Metrics,
    PeriodicWorkers,
    { provide: LOGGER, useFactory: (config: Config) => createLogger(config), inject: [CONFIG] },
  ],
  exports: [Lifecycle, Metrics, PeriodicWorkers, LOGGER],
})
export class PlatformModule {}
