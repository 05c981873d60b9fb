import { Module } from '@nestjs/common';
import { KeysModule } from '../keys/index.js';
import { LedgerModule } from '../ledger/index.js';
import { PricingModule } from '../pricing/index.js';
import { ProxyModule } from '../proxy/index.js';
import { Demo } from './demo.js';
import { Welcome } from './welcome.js';

@Module({ imports: [LedgerModule, KeysModule, PricingModule, ProxyModule], providers: [Demo, Welcome] })
export class DemoModule {}
