// The JSON body of a request to /api, checked by a zod schema; and the same schema in the OpenAPI document.
import { isUtf8 } from 'node:buffer';
import { applyDecorators, Body, type PipeTransform } from '@nestjs/common';
import { ApiBody, ApiQuery, ApiResponse } from '@nestjs/swagger';
import { z } from 'zod';
import { invalidRequest } from './api-error.js';

const openApiOf = (schema: z.ZodType, io: 'input' | 'output'): object =>
  z.toJSONSchema(schema, { target: 'openapi-3.0', io });

/** A parameter: the body as `schema` reads it. An empty body is `{}`. Answers 400 that names the field at fault. */
export const JsonBody = (schema: z.ZodType): ParameterDecorator => Body(new ZodBody(schema));

/** Documents what a route takes. */
export const Takes = (schema: z.ZodType): MethodDecorator =>
  applyDecorators(ApiBody({ schema: openApiOf(schema, 'input') }));

/** Documents the parameters a route takes in its query. */
export const Asks = (schema: z.ZodObject): MethodDecorator =>
  applyDecorators(
    ...Object.entries(schema.shape).map(([name, parameter]) =>
      ApiQuery({
        name,
        required: !z.safeParse(parameter as z.ZodType, undefined).success,
        description: (parameter as z.ZodType).description ?? '',
        schema: openApiOf(parameter as z.ZodType, 'input'),
      }),
    ),
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
  const param = issue?.path.map(String).join('.') ?? '';
  const message = issue?.message ?? 'The request can’t be read.';
  throw invalidRequest(param === '' ? message : `"${param}": ${message}`, param === '' ? undefined : param);
}
