import { Module } from '@nestjs/common';
import { LedgerModule } from '../ledger/index.js';
import { Authentication } from './authentication.js';
import {
  IssueKeyHandler,
  ListKeysHandler,
  ReissueKeyHandler,
  RevokeKeyHandler,
  UpdateKeyHandler,
} from './keys.handlers.js';

@Module({
  imports: [LedgerModule],
  providers: [Authentication, IssueKeyHandler, ReissueKeyHandler, UpdateKeyHandler, RevokeKeyHandler, ListKeysHandler],
  exports: [Authentication],
})
export class KeysModule {}
