import { z } from 'zod';
import { makeCustomer } from '../objects/customer.js';
import { merged, metadata, text } from '../params.js';
import { list, nothing, type Route, route } from './route.js';

const fields = z
  .strictObject({ email: z.string().max(512), name: text, description: text, phone: text, metadata })
  .partial();

export const CUSTOMERS: readonly Route[] = [
  route('POST', '/v1/customers', fields, makeCustomer),
  list('customer', '/v1/customers', { email: text }),
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
