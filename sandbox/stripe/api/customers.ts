import { z } from 'zod';
import { makeCustomer } from '../objects/customer.js';
import { createdFilter, listParams, merged, metadata, text } from '../params.js';
import { page } from '../lists.js';
import { type Route, route } from './route.js';

const fields = z
  .strictObject({ email: z.string().max(512), name: text, description: text, phone: text, metadata })
  .partial();
const nothing = z.strictObject({});

export const CUSTOMERS: readonly Route[] = [
  route('POST', '/v1/customers', fields, makeCustomer),
  route(
    'GET',
    '/v1/customers',
    z.strictObject({ ...listParams, created: createdFilter.optional(), email: text.optional() }),
    (world, params) =>
      page(
        '/v1/customers',
        world.store.all('customer').filter(({ email }) => params.email === undefined || email === params.email),
        params,
      ),
  ),
  route(
    'GET',
    '/v1/customers/:id',
    nothing,
    (world, _, id) => world.deletedCustomers.get(id) ?? world.store.get('customer', id),
  ),
  route('POST', '/v1/customers/:id', fields, (world, { metadata: sent, ...changes }, id) => {
    const customer = world.store.get('customer', id);
    const changed = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
    const data = sent === undefined ? {} : { metadata: merged(customer.metadata, sent) };
    world.change('customer.updated', customer, { ...changed, ...data });
    return customer;
  }),
  route('DELETE', '/v1/customers/:id', nothing, (world, _, id) => {
    const customer = world.store.get('customer', id);
    world.store.remove('customer', id);
    for (const method of world.store.all('payment_method')) if (method.customer === id) method.customer = null;
    const deleted = { id, object: 'customer', deleted: true } as const;
    world.deletedCustomers.set(id, deleted);
    world.emit('customer.deleted', customer);
    return deleted;
  }),
];
