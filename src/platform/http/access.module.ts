import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AccessGuard } from './access.guard.js';
import { Authenticator } from './authenticator.js';

/** Puts the guard before every route of the application. A feature that brings a strategy imports this module. */
@Module({ providers: [Authenticator, { provide: APP_GUARD, useClass: AccessGuard }], exports: [Authenticator] })
export class AccessModule {}
