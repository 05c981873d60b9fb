import { Module } from '@nestjs/common';
import { PlatformModule } from '../platform.module.js';
import { CallTimeRecords } from './call-times.js';

/** How long calls took, for those who make them and those who look at them. */
@Module({ imports: [PlatformModule], providers: [CallTimeRecords], exports: [CallTimeRecords] })
export class CallTimesModule {}
