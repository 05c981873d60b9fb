import { Module } from '@nestjs/common';
import { LedgerModule } from '../ledger/index.js';
import { Authentication } from './authentication.js';
import { ApiKeyStrategy, ApiKeyWithHoldStrategy } from './api-key.strategy.js';
import { AccessModule } from '../platform/http/index.js';
import {
  IssueKeyHandler,
  ListKeysHandler,
  ReissueKeyHandler,
  RevokeKeyHandler,
  UpdateKeyHandler,
} from './keys.handlers.js';

@Module({
  imports: [AccessModule, LedgerModule],
  providers: [
    Authentication,
    ApiKeyStrategy,
    ApiKeyWithHoldStrategy,
    IssueKeyHandler,
    ReissueKeyHandler,
    UpdateKeyHandler,
    RevokeKeyHandler,
    ListKeysHandler,
  ],
  exports: [Authentication],
})
export class KeysModule {}
