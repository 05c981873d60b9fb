// The routes of the pages.
import { StripeFailure, missing } from '../errors.js';
import { authenticate, expireOverdue, pay } from '../flows/checkout.js';
import { PAYMENT_SCENARIOS, type PaymentScenario } from '../payment-scenario.js';
import type { World } from '../world.js';
import { act } from './actions.js';
import { controlPage, receiptPage } from './control-page.js';
import { headersOf } from './html.js';
import { challengePage, endPage, messagePage, payPage, urlOf } from './pay-page.js';

export interface PageRequest {
  readonly method: string;
  readonly path: string;
  readonly fields: URLSearchParams;
}

export interface PageAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** Answers requests outside the API. Every error becomes a page. */
export function answerPage(world: World, request: PageRequest): PageAnswer {
  try {
    expireOverdue(world);
    return answer(world, request);
  } catch (error) {
    if (!(error instanceof StripeFailure)) throw error;
    return shown(messagePage(error.message), [], error.status);
  }
}

function answer(world: World, { method, path, fields }: PageRequest): PageAnswer {
  const [, first, second, third = '', fourth] = path.split('/');
  if (first === 'c' && second === 'pay') {
    if (fourth === 'authenticate') return challenge(world, third, method === 'POST' ? fields : undefined);
    return fourth === undefined ? payment(world, third, method === 'POST' ? fields : undefined) : nothingAt(path);
  }
  if (first === 'sandbox' && second === 'receipts') return shown(receiptPage(world.store.get('charge', third)));
  if (path === '/sandbox/actions' && method === 'POST') {
    act(world, fields.get('action') ?? '', fields.get('id') ?? '');
    return seeOther('/sandbox');
  }
  return path === '/sandbox' || path === '/' ? shown(controlPage(world)) : nothingAt(path);
}

function payment(world: World, id: string, fields: URLSearchParams | undefined): PageAnswer {
  const session = world.store.get('checkout.session', id);
  if (session.status !== 'open') return shown(endPage(session));
  const scenario = PAYMENT_SCENARIOS.find((known) => known === fields?.get('scenario'));
  if (fields === undefined || scenario === undefined) {
    const leadsTo = [session.success_url, session.cancel_url].filter((url) => url !== null);
    return shown(
      payPage(world, session),
      leadsTo.map((url) => urlOf(url, session)),
    );
  }
  return after(world, id, scenario);
}

function after(world: World, id: string, scenario: PaymentScenario): PageAnswer {
  const session = pay(world, id, scenario);
  if (session.status === 'complete') return seeOther(urlOf(session.success_url ?? '/sandbox', session));
  return seeOther(scenario === 'three_d_secure' ? `/c/pay/${id}/authenticate` : `/c/pay/${id}`);
}

function challenge(world: World, id: string, fields: URLSearchParams | undefined): PageAnswer {
  const session = world.store.get('checkout.session', id);
  if (session.status !== 'open') return shown(endPage(session));
  if (fields === undefined) return shown(challengePage(session), [session.success_url ?? world.url]);
  authenticate(world, id, fields.get('ok') === 'true');
  return seeOther(
    session.payment_status === 'paid' ? urlOf(session.success_url ?? '/sandbox', session) : `/c/pay/${id}`,
  );
}

function nothingAt(path: string): never {
  throw missing('page', path, 'path');
}

const shown = (body: string, leadsTo: readonly string[] = [], status = 200): PageAnswer => ({
  status,
  headers: headersOf(leadsTo),
  body,
});

const seeOther = (location: string): PageAnswer => ({
  status: 303,
  headers: { location, 'cache-control': 'no-store' },
  body: '',
});
