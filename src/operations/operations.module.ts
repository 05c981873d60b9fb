import { Module } from '@nestjs/common';
import { CONFIG, type Config } from '../config.js';
import { createLogger, LOGGER } from './logger.js';
import { Metrics } from './metrics.js';

/** Logging and metrics, for every module. */
@Module({
  providers: [Metrics, { provide: LOGGER, useFactory: (config: Config) => createLogger(config), inject: [CONFIG] }],
  exports: [Metrics, LOGGER],
})
export class OperationsModule {}
