// A ledger beside a gateway, on the same stores: what another process of token-hub sees and writes.
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CqrsModule } from '@nestjs/cqrs';
import { StoresModule } from '../../../src/adapters/stores/stores.module.js';
import { loadConfig } from '../../../src/platform/config.js';
import { ReadModelStore } from '../../../src/event-store/index.js';
import { KeysModule } from '../../../src/keys/index.js';
import { Accounts, LedgerModule } from '../../../src/ledger/index.js';
import { PricingModule } from '../../../src/pricing/index.js';
import { LedgerDesk } from './ledger-desk.js';

@Module({})
class OfficeModule {}

export interface Office {
  readonly desk: LedgerDesk;
  /** Its own writers: they know nothing of the gateway's. */
  readonly accounts: Accounts;
  readonly readModels: ReadModelStore;
  close(): Promise<void>;
}

export async function openOffice(env: Readonly<Record<string, string>>): Promise<Office> {
  const imports = [StoresModule.with(loadConfig(env)), CqrsModule.forRoot(), LedgerModule, KeysModule, PricingModule];
  const app = await NestFactory.createApplicationContext({ module: OfficeModule, imports }, { logger: false });
  const [accounts, readModels] = [app.get(Accounts), app.get(ReadModelStore)];
  return { desk: new LedgerDesk(app), accounts, readModels, close: () => app.close() };
}
