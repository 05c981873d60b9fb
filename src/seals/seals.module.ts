import { Module } from '@nestjs/common';
import { Sealer } from './sealer.js';
import { Seals } from './seals.js';

/** The checkpoints of the ledger, for gateways and the command line. */
@Module({ providers: [Seals, Sealer], exports: [Seals, Sealer] })
export class SealsModule {}
