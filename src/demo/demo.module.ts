import { Module } from '@nestjs/common';
import { KeysModule } from '../keys/index.js';
import { LedgerModule } from '../ledger/index.js';
import { PricingModule } from '../pricing/index.js';
import { Demo } from './demo.js';

@Module({ imports: [LedgerModule, KeysModule, PricingModule], providers: [Demo] })
export class DemoModule {}
