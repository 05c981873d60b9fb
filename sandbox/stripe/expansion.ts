// `expand[]`: replaces ids in an answer with their objects. https://docs.stripe.com/api/expanding_objects
import { badParams } from './errors.js';
import { type World, snapshot } from './world.js';

type JsonObject = Record<string, unknown>;

const DEEPEST = 4;

/** The answer with its expansions. @throws StripeFailure 400 when a path leads nowhere. */
export function expanded(world: World, answer: object, paths: readonly string[]): object {
  const copy = snapshot(answer) as JsonObject;
  for (const path of paths) {
    const steps = path.split('.');
    if (steps.length > DEEPEST + 1) throw badParams('property_expansion_max_depth', `Too deep: ${path}`, 'expand');
    for (const object of startsOf(copy, steps)) expand(world, object, steps, path);
  }
  return copy;
}

/** A list is expanded in each of its items: `data.charge`. */
function startsOf(answer: JsonObject, steps: string[]): JsonObject[] {
  if (answer['object'] !== 'list') return [answer];
  if (steps.shift() !== 'data') throw unexpandable(steps.join('.'));
  return answer['data'] as JsonObject[];
}

function expand(world: World, object: JsonObject, [step = '', ...rest]: readonly string[], path: string): void {
  const value = step in object ? object[step] : included(world, object, step);
  if (value === null) return;
  const items = Array.isArray(value) ? value : [value];
  const found = items.map((item) => (typeof item === 'string' ? resolve(world, item) : item));
  if (found.some((item) => item === undefined || item === null || typeof item !== 'object')) throw unexpandable(path);
  object[step] = (Array.isArray(value) ? found : found[0]) as JsonObject;
  if (rest.length === 0) return;
  for (const item of found as JsonObject[]) {
    const starts = item['object'] === 'list' ? (item['data'] as JsonObject[]) : [item];
    const next = item['object'] === 'list' ? rest.slice(1) : rest;
    if (next.length > 0) for (const start of starts) expand(world, start, next, path);
  }
}

function resolve(world: World, id: string): JsonObject | undefined {
  const found = world.store.find(id);
  return found === undefined ? undefined : (snapshot(found) as unknown as JsonObject);
}

/** Properties that an object only shows on request. */
function included(world: World, object: JsonObject, step: string): unknown {
  const id = String(object['id']);
  if (object['object'] === 'checkout.session' && step === 'line_items') {
    return list(world.lineItems.get(id) ?? [], `/v1/checkout/sessions/${id}/line_items`);
  }
  if (object['object'] === 'charge' && step === 'refunds') {
    const refunds = world.store.all('refund').filter((refund) => refund.charge === id);
    return list(refunds.toReversed(), `/v1/charges/${id}/refunds`);
  }
  // Only a failed refund has one, but it may be requested for every refund.
  if (object['object'] === 'refund' && step === 'failure_balance_transaction') return null;
  return undefined;
}

const list = (data: readonly object[], url: string): object => snapshot({ object: 'list', data, has_more: false, url });

const unexpandable = (path: string) => badParams(undefined, `This property cannot be expanded (${path}).`, 'expand');
