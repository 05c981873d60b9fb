// Answers of /api: the class of an answer, and how the OpenAPI document shows its fields.
import { ApiExtraModels, ApiProperty, ApiResponse } from '#openapi';
import { applyDecorators, type Type } from '@nestjs/common';

/** A field of an answer. TypeScript tells the document its type, unless it may be null or is a list. */
export const Shown = (description?: string, schema: object = {}): PropertyDecorator =>
  ApiProperty({ ...(description !== undefined && { description }), ...schema });

/** A string that may be null. */
export const ShownOrNull = (description?: string, schema: object = {}): PropertyDecorator =>
  Shown(description, { type: String, nullable: true, ...schema });

/** An integer. */
export const ShownInteger = (description?: string, schema: object = {}): PropertyDecorator =>
  Shown(description, { type: 'integer', ...schema });

/** One of these strings. A null that an enumeration does not name is not allowed by `nullable` alone (OpenAPI 3.0.3, "nullable"). */
export const ShownEnum = (
  values: readonly string[],
  description?: string,
  schema: { readonly nullable?: true; readonly isArray?: true } = {},
): PropertyDecorator =>
  Shown(description, { type: 'string', enum: schema.nullable ? [...values, null] : [...values], ...schema });

/** What kind of object it is, or another field that is always the same. */
export const ShownAlways = (value: string | boolean): PropertyDecorator =>
  Shown(undefined, { type: typeof value, enum: [value] });

export const ShownUsd = (description: string, schema: object = {}): PropertyDecorator =>
  Shown(`${description} (USD, exact decimal)`, { type: String, ...schema });

export const ShownInstant = (description: string, schema: object = {}): PropertyDecorator =>
  Shown(`${description} (ISO 8601)`, { type: String, ...schema });

/** Objects of a class of their own, one or a list of them. */
export const ShownObject = (type: Type, description?: string, schema: object = {}): PropertyDecorator =>
  Shown(description, { type: () => type, ...schema });

/**
 * An object of a class, or null. `nullable` alone would not allow a null beside a reference (OpenAPI 3.0.3, "nullable"). The class that has the field names
 * the other one in `@ApiExtraModels`.
 */
export const ShownObjectOrNull = (type: Type, description?: string): PropertyDecorator =>
  Shown(description, {
    anyOf: [{ $ref: `#/components/schemas/${type.name}` }, { type: 'object', nullable: true, enum: [null] }],
  });

/** Documents what a route answers with. */
export const Answers = (status: number, description: string, type?: Type): MethodDecorator =>
  ApiResponse({ status, description, ...(type && { type }) });

/** Documents a page of a list. */
export const AnswersPage = (description: string, item: Type): MethodDecorator =>
  applyDecorators(
    ApiExtraModels(item),
    ApiResponse({
      status: 200,
      description,
      schema: {
        type: 'object',
        required: ['object', 'data', 'has_more', 'next_cursor'],
        properties: {
          object: { type: 'string', enum: ['list'] },
          data: { type: 'array', items: { $ref: `#/components/schemas/${item.name}` } },
          has_more: { type: 'boolean' },
          next_cursor: { type: 'string', nullable: true, description: 'for the next page; null on the last one' },
        },
      },
    }),
  );
