import { Module } from '@nestjs/common';
import { CONFIG, type Config } from '../config.js';
import { InFlight } from './in-flight.js';
import { createLogger, LOGGER } from './logger.js';
import { Metrics } from './metrics.js';

/** Logging, metrics and the calls under way, for every module. */
@Module({
  providers: [
    InFlight,
    Metrics,
    { provide: LOGGER, useFactory: (config: Config) => createLogger(config), inject: [CONFIG] },
  ],
  exports: [InFlight, Metrics, LOGGER],
})
export class OperationsModule {}
