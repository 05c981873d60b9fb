// The JSON body of a request to /api, checked by a zod schema; and the same schema in the OpenAPI document.
import { isUtf8 } from 'node:buffer';
import { applyDecorators, Body, type PipeTransform } from '@nestjs/common';
import { ApiBody, ApiQuery, ApiResponse } from '#openapi';
import { z } from 'zod';
import { invalidRequest } from './api-error.js';
import { checkShape } from './json-shape.js';

const openApiOf = (schema: z.ZodType, io: 'input' | 'output'): object & { readonly description?: string } =>
  z.toJSONSchema(schema, { target: 'openapi-3.0', io, override: ({ jsonSchema }) => tidy(jsonSchema) });

/**
 * A null that an enumeration does not name is not allowed by `nullable` alone (OpenAPI 3.0.3, "nullable"); what a format says needs no pattern,
 * and every integer is one that JSON can hold.
 */
function tidy(schema: z.core.JSONSchema.BaseSchema): void {
  if (schema['nullable'] === true && schema.enum?.includes(null) === false) schema.enum = [...schema.enum, null];
  if (schema.format !== undefined) delete schema.pattern;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
}

/** A parameter: the body as `schema` reads it. An empty body is `{}`. Answers 400 that names the field at fault. */
export const JsonBody = (schema: z.ZodType): ParameterDecorator => Body(new ZodBody(schema));

/** Documents what a route takes. */
export const Takes = (schema: z.ZodType): MethodDecorator =>
  applyDecorators(ApiBody({ schema: openApiOf(schema, 'input') }));

/** Documents the parameters a route takes in its query. */
export const Asks = (schema: z.ZodObject): MethodDecorator =>
  applyDecorators(
    ...Object.entries(schema.shape as Readonly<Record<string, z.ZodType>>).map(([name, parameter]) => {
      const { description = '', ...its } = openApiOf(parameter, 'input');
      return ApiQuery({ name, required: !parameter.safeParse(undefined).success, description, schema: its });
    }),
  );

/** Documents what a route answers with. */
export const Answers = (status: number, description: string, schema?: z.ZodType): MethodDecorator =>
  ApiResponse({ status, description, ...(schema && { schema: openApiOf(schema, 'output') }) });

class ZodBody implements PipeTransform {
  constructor(private readonly schema: z.ZodType) {}

  transform(raw: unknown): unknown {
    return checked(this.schema, parsed(raw));
  }
}

function parsed(raw: unknown): unknown {
  if (!Buffer.isBuffer(raw) || raw.length === 0) return {};
  checkShape(raw);
  try {
    if (isUtf8(raw)) return JSON.parse(raw.toString('utf8'));
  } catch {
    // refused below
  }
  throw invalidRequest('The request body is not valid JSON.', undefined, 'invalid_json');
}

/** A value from outside as `schema` reads it. @throws ApiError 400 that names the first field at fault, and why */
export function checked<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  if (issue === undefined) throw invalidRequest('The request can’t be read.');
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  const param = [...issue.path, ...unknown].map(String).join('.');
  const message = unknown.length > 0 ? `is not known here${knownIn(schema, issue)}` : wordingOf(issue, value);
  throw invalidRequest(param === '' ? message : `"${param}": ${message}`, param === '' ? undefined : param);
}

/** What a request may have; of what is further inside, the document of the API tells. */
const knownIn = (schema: z.ZodType, { path }: z.core.$ZodIssue): string =>
  schema instanceof z.ZodObject && path.length === 0 ? `: there are ${Object.keys(schema.shape).join(', ')}` : '';

/** Where a schema has no words of its own, a field that is not there is "undefined". */
function wordingOf({ code, message, path }: z.core.$ZodIssue, value: unknown): string {
  const given = path.reduce((inner: unknown, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key], value);
  return code === 'invalid_type' && given === undefined ? 'is missing' : message;
}
