// A ledger beside a gateway, on the same files: what another process of token-hub sees and writes.
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CqrsModule } from '@nestjs/cqrs';
import { StoresModule } from '../../../src/adapters/adapters.module.js';
import { loadConfig } from '../../../src/config.js';
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
  close(): Promise<void>;
}

export async function openOffice(env: Readonly<Record<string, string>>): Promise<Office> {
  const imports = [StoresModule.with(loadConfig(env)), CqrsModule.forRoot(), LedgerModule, KeysModule, PricingModule];
  const app = await NestFactory.createApplicationContext({ module: OfficeModule, imports }, { logger: false });
  return { desk: new LedgerDesk(app), accounts: app.get(Accounts), close: () => app.close() };
}
