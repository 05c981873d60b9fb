// Who may call a route. Every route says it with @Access; one that says nothing is refused to everybody (access.guard.ts).
import { SetMetadata, type Type } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Role } from './principal.js';

/**
 * Who may call a route:
 * - `anyone`: everybody, with or without a session
 * - `session`: everybody who has a session, even one that still lacks its second factor; the route itself checks it
 * - `customer`: every user who is logged in and verified
 * - a role: users who have that role and logged in with a second factor
 * - `api-key`: programs with a valid API key; a key that any process has revoked is refused at once
 * - `api-key-with-hold`: the same for calls that place a hold, which itself refuses a key that another process has revoked
 */
export type Audience = 'anyone' | 'session' | 'customer' | Role | KeyAudience;

/** Programs, which have no cookie and may call from any site. */
export type KeyAudience = 'api-key' | 'api-key-with-hold';

export const isKeyAudience = (audience: Audience | undefined): audience is KeyAudience =>
  audience === 'api-key' || audience === 'api-key-with-hold';

const AUDIENCE = 'audience';

/** Who may call a route, or all routes of a controller. */
export const Access = (audience: Audience): MethodDecorator & ClassDecorator => SetMetadata(AUDIENCE, audience);

const reflector = new Reflector();

type Handler = (...args: never[]) => unknown;

/** The audience that `@Access` names; undefined for a route that says nothing. */
export const audienceOf = (handler: Handler, controller: Type): Audience | undefined =>
  reflector.getAllAndOverride<Audience | undefined>(AUDIENCE, [handler, controller]);
