import { Module } from '@nestjs/common';
import { CONFIG, type Config } from './config.js';
import { Lifecycle } from './lifecycle.js';
import { createLogger, LOGGER } from './logger.js';
import { Metrics } from './metrics.js';

/** Logging, metrics and the state of the process, for every module. */
@Module({
  providers: [
    Lifecycle,
    Metrics,
    { provide: LOGGER, useFactory: (config: Config) => createLogger(config), inject: [CONFIG] },
  ],
  exports: [Lifecycle, Metrics, LOGGER],
})
export class PlatformModule {}
