// Reads an OpenAPI 3.0 document as far as it is shown (https://spec.openapis.org/oas/v3.0.3).

export interface Field {
  readonly name: string;
  readonly type: string;
  readonly isRequired: boolean;
  readonly description: string;
}

export interface Operation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  /** Who may call it: `anyone`, `session`, `customer`, `finance` or `operator`. */
  readonly audience: string;
  readonly parameters: readonly Field[];
  readonly body: readonly Field[];
  readonly answers: readonly {
    readonly status: string;
    readonly description: string;
    readonly fields: readonly Field[];
  }[];
}

type Json = Readonly<Record<string, unknown>>;
const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

const objectOf = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {});
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Every operation of the document, in its order. */
export function operationsOf(document: unknown): Operation[] {
  const root = objectOf(document);
  return Object.entries(objectOf(root['paths'])).flatMap(([path, item]) =>
    Object.entries(objectOf(item))
      .filter(([method]) => METHODS.includes(method))
      .map(([method, value]) => operationOf(root, { path, method, value: objectOf(value) })),
  );
}

function operationOf(root: Json, { path, method, value }: { path: string; method: string; value: Json }): Operation {
  const body = contentOf(resolved(root, value['requestBody']));
  return {
    id: textOf(value['operationId']),
    method: method.toUpperCase(),
    path,
    tag: textOf(listOf(value['tags'])[0]),
    summary: textOf(value['summary']),
    audience: textOf(value['x-audience']),
    parameters: listOf(value['parameters']).map((each) => {
      const parameter = resolved(root, each);
      return {
        name: textOf(parameter['name']),
        type: `${typeOf(parameter['schema'])}, ${textOf(parameter['in'])}`,
        isRequired: parameter['required'] === true,
        description: textOf(parameter['description']),
      };
    }),
    body: fieldsOf(root, body),
    answers: Object.entries(objectOf(value['responses'])).map(([status, answer]) => {
      const { description, ...rest } = resolved(root, answer);
      return {
        status,
        description: textOf(description),
        fields: fieldsOf(root, contentOf(rest)),
      };
    }),
  };
}

function resolved(root: Json, value: unknown): Json {
  const { $ref: reference } = objectOf(value);
  if (typeof reference !== 'string') return objectOf(value);
  return objectOf(
    reference
      .split('/')
      .slice(1)
      .reduce<unknown>((at, name) => objectOf(at)[name], root),
  );
}

/** The schema of what is sent as JSON. */
const contentOf = (message: Json): unknown => objectOf(objectOf(message['content'])['application/json'])['schema'];

function fieldsOf(root: Json, schema: unknown): Field[] {
  const { properties, required, allOf } = resolved(root, schema);
  const inherited = listOf(allOf).flatMap((part) => fieldsOf(root, part));
  const names = listOf(required);
  return [
    ...inherited,
    ...Object.entries(objectOf(properties)).map(([name, property]) => ({
      name,
      type: typeOf(property),
      isRequired: names.includes(name),
      description: textOf(resolved(root, property)['description']),
    })),
  ];
}

/** A type in a word or two, such as `string`, `list of Charge` or `null | Withdrawal`. */
function typeOf(schema: unknown): string {
  const { $ref: reference } = objectOf(schema);
  if (typeof reference === 'string') return reference.split('/').at(-1) ?? '';
  const { type, items, enum: values, anyOf, allOf, nullable } = objectOf(schema);
  const parts = [...listOf(anyOf), ...listOf(allOf)].map((part) => typeOf(part));
  if (parts.length > 0) return parts.join(' | ');
  if (type === 'array') return `list of ${typeOf(items)}`;
  const known = listOf(values).map((each) => JSON.stringify(each));
  const plain = known.length > 0 ? known.join(' | ') : textOf(type);
  return nullable === true && !known.includes('null') ? `${plain} | null` : plain;
}
