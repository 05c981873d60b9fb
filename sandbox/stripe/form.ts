// Form-encoded parameters with brackets, `a[b][0]=c`, as Stripe's API takes them.
import { badParams } from './errors.js';

/** A form's values: strings, in objects and arrays. */
type FormValue = string | FormValue[] | Form;
export interface Form {
  [name: string]: FormValue;
}

const NAME = /^([^[\]]+)((?:\[[^[\]]*\])*)$/;
const DEEPEST = 12;

/** Reads a form or a query string. Objects whose names are 0, 1, 2 … become arrays. @throws StripeFailure 400 when a name is malformed. */
export function parseForm(text: string): Form {
  const form: Form = Object.create(null) as Form;
  for (const [name, value] of new URLSearchParams(text)) put(form, pathOf(name), value);
  return arrays(form) as Form;
}

function pathOf(name: string): string[] {
  const [, first, rest = ''] = NAME.exec(name) ?? [];
  const path = first === undefined ? [] : [first, ...[...rest.matchAll(/\[([^[\]]*)\]/g)].map(([, key = '']) => key)];
  if (path.length === 0 || path.length > DEEPEST) throw badParams(undefined, `Invalid parameter name: ${name}`, name);
  return path;
}

function put(form: Form, path: readonly string[], value: string): void {
  let at = form;
  path.forEach((key, index) => {
    const name = key === '' ? String(Object.keys(at).length) : key;
    if (index === path.length - 1) {
      at[name] = value;
      return;
    }
    const next = at[name];
    if (typeof next === 'string') throw badParams(undefined, `Invalid parameter: ${path.join('.')}`, path[0]);
    at = at[name] = (next as Form | undefined) ?? (Object.create(null) as Form);
  });
}

function arrays(value: FormValue): FormValue {
  if (typeof value === 'string' || Array.isArray(value)) return value;
  const entries = Object.entries(value).map(([name, inner]) => [name, arrays(inner)] as const);
  const isArray = entries.length > 0 && entries.every(([name], index) => name === String(index));
  return isArray ? entries.map(([, inner]) => inner) : Object.fromEntries(entries);
}
