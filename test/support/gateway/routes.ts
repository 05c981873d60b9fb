// The routes of /api: by who may call them, and as the controllers of a gateway have them.
import { RequestMethod, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import { type Audience, audienceOf } from '../../../src/platform/http/index.js';
import type { TestGateway } from './gateway.js';

export const ANYONE = `
  GET /api/openapi.json           GET /api/prices                 GET /api/prices/:model          GET /api/status
  GET /api/auth/google            GET /api/auth/google/callback   GET /api/auth/methods          GET /api/auth/session
  POST /api/auth/confirm-email    POST /api/auth/forgot           POST /api/auth/login           POST /api/auth/logout
  POST /api/auth/register         POST /api/auth/resend           POST /api/auth/reset           POST /api/auth/verify`;
export const SESSION = `POST /api/auth/second-factor`;
export const CUSTOMER = `
  POST /api/auth/logout-everywhere
  DELETE /api/automatic-topup     DELETE /api/automatic-topup/card DELETE /api/me                DELETE /api/me/google
  DELETE /api/me/second-factor    DELETE /api/me/sessions/:id     GET /api/automatic-topup       GET /api/balance
  GET /api/charges                GET /api/charges/:id/explanation GET /api/entries                GET /api/keys                   GET /api/keys/:id              GET /api/me
  GET /api/me/export
  GET /api/me/sessions            GET /api/refunds                GET /api/refunds/:id           GET /api/statement
  GET /api/topups
  GET /api/topups/:id             GET /api/topups/:id/receipt     GET /api/topups/options        GET /api/usage
         PATCH /api/keys/:id
  POST /api/keys                  POST /api/keys/:id/reissue      POST /api/keys/:id/revoke      POST /api/me/email
  PATCH /api/me                   POST /api/me/google             POST /api/me/password           POST /api/me/second-factor
  POST /api/me/second-factor/confirm POST /api/me/second-factor/recovery-codes
  POST /api/refunds               POST /api/topups                PUT /api/automatic-topup
  DELETE /api/me/billing
  GET /api/events
  GET /api/events/:revision
  GET /api/events/download
  GET /api/live
  GET /api/overview
  GET /api/invoices
  GET /api/invoices/:number
  PUT /api/me/billing
  GET /api/topups/quote
  POST /api/topups/:id/cancel
  POST /api/refunds/:id/withdraw
  GET /api/balance-alert
  PUT /api/balance-alert
  DELETE /api/balance-alert
  GET /api/statements`;
export const FINANCE = `
  GET /api/finance/disputes       GET /api/finance/disputes/:id   GET /api/finance/disputes/:id/evidence
  GET /api/finance/fraud-warnings GET /api/finance/mismatches     GET /api/finance/refunds
  GET /api/finance/payouts
  GET /api/finance/overview       GET /api/finance/search         GET /api/finance/people/:id    GET /api/finance/accounts/:id
  GET /api/finance/topups         GET /api/finance/topups/:id     GET /api/finance/refunds/:id
  GET /api/finance/reconciliation/transactions
  GET /api/finance/books/breakage
  GET /api/finance/books/chart
  GET /api/finance/books/journal
  GET /api/finance/books/periods
  GET /api/finance/books/periods/:month
  GET /api/finance/books/revenue
  GET /api/finance/books/roll-forward
  GET /api/finance/books/trial-balance
  POST /api/finance/books/periods/:month/approve
  POST /api/finance/books/periods/:month/decline
  POST /api/finance/books/periods/:month/propose
  POST /api/finance/refunds       POST /api/finance/refunds/:id/approve POST /api/finance/refunds/:id/decline
  GET /api/finance/invoices
  GET /api/finance/invoices/:number
  GET /api/finance/invoices/register.csv
  GET /api/finance/jobs
  GET /api/finance/jobs/:id
  POST /api/finance/jobs/:id/cancel
  GET /api/finance/provider-bills
  GET /api/finance/provider-differences
  GET /api/finance/reconciliation
  GET /api/finance/reconciliation/items
  GET /api/finance/reconciliation/items/:id
  GET /api/finance/reconciliation/report.csv
  POST /api/finance/provider-bills
  POST /api/finance/provider-differences/:id/approve
  POST /api/finance/provider-differences/:id/decline
  POST /api/finance/provider-differences/:id/propose
  POST /api/finance/reconciliation/items/:id/approve
  POST /api/finance/reconciliation/items/:id/decline
  POST /api/finance/reconciliation/items/:id/resolve
  POST /api/finance/reconciliation/runs
  POST /api/finance/refunds/:id/complete
  POST /api/finance/refunds/:id/decline-end
  POST /api/finance/refunds/:id/end
  POST /api/finance/refunds/:id/fail`;

export const OPERATOR = `
  GET /api/operator/accounts
  GET /api/operator/accounts/:id
  GET /api/operator/accounts/:id/adjustments
  GET /api/operator/accounts/:id/charges
  GET /api/operator/accounts/:id/entries
  GET /api/operator/accounts/:id/refunds
  GET /api/operator/accounts/:id/topups
  POST /api/operator/accounts/:id/adjustments
  POST /api/operator/accounts/:id/reinstate
  POST /api/operator/accounts/:id/suspend
  GET /api/operator/charges/:id/explanation
  GET /api/operator/providers
  GET /api/operator/price-lists
  GET /api/operator/overview
  GET /api/operator/price-lists/:version
  GET /api/operator/price-lists/models
  GET /api/operator/price-lists/:version/charges-priced-otherwise
  GET /api/operator/price-lists/:version/diff
  GET /api/operator/verify
  POST /api/operator/price-lists
  POST /api/operator/price-lists/:version/withdraw
  POST /api/operator/price-lists/check
  POST /api/operator/price-lists/import
  POST /api/operator/price-lists/import/check
  GET /api/operator/checkpoints
  GET /api/operator/integrity
  GET /api/operator/jobs
  GET /api/operator/jobs/:id
  POST /api/operator/jobs/:id/cancel
  GET /api/operator/projections
  GET /api/operator/queue
  GET /api/operator/queue/:id
  GET /api/operator/queue/:id/:choice
  POST /api/operator/queue/:id/:choice
  GET /api/operator/queue/counts
  GET /api/operator/replays
  GET /api/operator/reratings
  GET /api/operator/reratings/:id
  GET /api/operator/reratings/:id/report.csv
  GET /api/operator/reratings/:id/totals
  GET /api/operator/reratings/dry-runs/:id/report.csv
  GET /api/operator/reratings/dry-runs/:id/totals
  POST /api/operator/reratings
  POST /api/operator/reratings/dry-runs
  POST /api/operator/reratings/:id/apply
  POST /api/operator/reratings/:id/approve
  POST /api/operator/reratings/:id/cancel
  POST /api/operator/reratings/:id/reverse
  POST /api/operator/replays
  POST /api/operator/replays/until
  GET /api/operator/people
  GET /api/operator/people/:id
  POST /api/operator/people/:id/end-sessions
  POST /api/operator/people/:id/grant
  POST /api/operator/people/:id/revoke
  POST /api/operator/verify`;

export const routesOf = (table: string): string[] => table.trim().split(/\s+(?=[A-Z])/);

/** The routes of /api that the controllers of the gateway have. */
export const registered = (gateway: TestGateway): string[] =>
  [...audiences(gateway).keys()].filter((route) => route.includes(' /api/')).toSorted((a, b) => (a < b ? -1 : 1));

/** Every route of the gateway, with who may call it; undefined where it does not say. */
export function audiences(gateway: TestGateway): ReadonlyMap<string, Audience | undefined> {
  const modules = [...gateway.app.get(ModulesContainer).values()];
  const controllers = modules.flatMap((module) => [...module.controllers.values()]);
  return new Map(controllers.flatMap(({ metatype }) => (metatype ? routesOfController(metatype as Type) : [])));
}

function routesOfController(controller: Type): [string, Audience | undefined][] {
  const prefix = String(Reflect.getMetadata(PATH_METADATA, controller));
  const handlers = controller.prototype as Readonly<Record<string, () => unknown>>;
  return new MetadataScanner().getAllMethodNames(handlers).flatMap((name) => {
    const handler = handlers[name] as () => unknown;
    const method = Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod | undefined;
    if (method === undefined) return [];
    const paths = [Reflect.getMetadata(PATH_METADATA, handler) as string | string[]].flat();
    return paths.map((path): [string, Audience | undefined] => [
      `${RequestMethod[method]} /${prefix}/${path}`.replaceAll(/\/+/g, '/').replace(/(?<=.)\/$/, ''),
      audienceOf(handler, controller),
    ]);
  });
}
