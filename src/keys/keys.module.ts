import { Module } from '@nestjs/common';
import { LedgerModule } from '../ledger/index.js';
import { Authentication } from './authentication.js';
import { BearerGuard, FreshBearerGuard } from './bearer.guard.js';
import {
  IssueKeyHandler,
  ListKeysHandler,
  ReissueKeyHandler,
  RevokeKeyHandler,
  UpdateKeyHandler,
} from './keys.handlers.js';

@Module({
  imports: [LedgerModule],
  providers: [
    Authentication,
    BearerGuard,
    FreshBearerGuard,
    IssueKeyHandler,
    ReissueKeyHandler,
    UpdateKeyHandler,
    RevokeKeyHandler,
    ListKeysHandler,
  ],
  exports: [Authentication, BearerGuard, FreshBearerGuard],
})
export class KeysModule {}
