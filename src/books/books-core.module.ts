import { Module } from '@nestjs/common';
import { SealsModule } from '../seals/index.js';
import { Periods } from './close/periods.js';

/** The closing of months, for gateways and the command line. */
@Module({ imports: [SealsModule], providers: [Periods], exports: [Periods] })
export class BooksCoreModule {}
