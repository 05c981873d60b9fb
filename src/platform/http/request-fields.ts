// Fields of what a request to /api sends: each says how it is checked, and how the OpenAPI document shows it.
import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateBy,
  ValidateIf,
} from 'class-validator';
import { ApiProperty } from '#openapi';
import { formatUsd, readInstant, toInstant, usd, ZERO } from '../../kernel/index.js';

export interface Presence {
  /** A field that may be left out. One with a value of its own to begin with may be left out anyway. */
  readonly optional?: true;
  /** Null takes away what was there. */
  readonly nullable?: true;
  /** What a field is that is left out: the document tells. */
  readonly default?: string | number | boolean;
}

type Rules = readonly PropertyDecorator[];

/** A field that is described for people, checked by `rules`, and shown in the document as `schema`. */
export function Field(description: string, schema: object, rules: Rules, presence: Presence = {}): PropertyDecorator {
  const { optional = false, nullable = false, default: fallback } = presence;
  const isGiven = (_: unknown, value: unknown) => value !== undefined && !(nullable && value === null);
  return applyDecorators(
    ApiProperty({
      description,
      ...schema,
      required: !optional && fallback === undefined,
      ...(nullable && { nullable }),
      ...(fallback !== undefined && { default: fallback }),
    }),
    ...(optional ? [ValidateIf(isGiven)] : []),
    ...rules,
  );
}

const onText = (change: (text: string) => string): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? change(value) : value));

export const Trimmed = (): PropertyDecorator => onText((text) => text.trim());
export const Changed = onText;

const isText = IsString({ message: 'must be a string' });

export interface TextLimits extends Presence {
  readonly min?: number;
  readonly max: number;
  readonly pattern?: RegExp;
  /** What is wrong with a text that is shorter than `min`, or does not match. */
  readonly message?: string;
  /** What the text is, for the document: https://spec.openapis.org/registry/format/. */
  readonly format?: string;
}

/** A string of so many UTF-16 units. */
export function TextField(
  description: string,
  { min = 0, max, pattern, message, format, ...presence }: TextLimits,
): PropertyDecorator {
  const schema = {
    type: 'string',
    maxLength: max,
    ...(min > 0 && { minLength: min }),
    ...(format !== undefined && { format }),
    // Another language may not read what needs the flag `u`.
    ...(pattern && !pattern.unicode && { pattern: pattern.source }),
  };
  const rules = [
    isText,
    ...(min > 0
      ? [
          MinLength(min, {
            message: message ?? (min === 1 ? 'must not be empty' : `must have at least ${min} characters`),
          }),
        ]
      : []),
    MaxLength(max, { message: `must have at most ${max} characters` }),
    ...(pattern ? [Matches(pattern, { message: message ?? `must match ${pattern.source}` })] : []),
  ];
  return Field(description, schema, rules, presence);
}

/** Why somebody decides something. The ledger keeps it, and the customer may be told it. */
export const ReasonField = ({
  told = false,
  ...presence
}: { readonly told?: boolean } & Presence = {}): PropertyDecorator =>
  applyDecorators(
    Trimmed(),
    TextField(`why; ${told ? 'the customer is told, and ' : ''}it stands in the ledger for ever, so name no person`, {
      min: 1,
      max: 2_000,
      message: told ? 'must say why: the customer is told' : 'must say why',
      ...presence,
    }),
  );

export function EnumField(description: string, values: readonly string[], presence?: Presence): PropertyDecorator {
  const message = `must be one of ${values.join(', ')}`;
  return Field(description, { type: 'string', enum: [...values] }, [IsIn(values, { message })], presence);
}

export const BooleanField = (description: string, presence?: Presence): PropertyDecorator =>
  Field(description, { type: 'boolean' }, [IsBoolean({ message: 'must be true or false' })], presence);

/** A whole number; of a query also as text. */
export function IntegerField(
  description: string,
  { min, max, ...presence }: Presence & { readonly min: number; readonly max: number },
): PropertyDecorator {
  const message = `must be a whole number from ${min} to ${max}`;
  const rules = [IsInt({ message }), Min(min, { message }), Max(max, { message })];
  return Field(description, { type: 'integer', minimum: min, maximum: max }, rules, presence);
}

/** Makes a number of digits, as a query has them. */
export const FromDigits = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value,
  );

/** Strings, each of so many UTF-16 units at most. */
export function TextListField(
  description: string,
  { max, each, ...presence }: Presence & { readonly max: number; readonly each: number },
): PropertyDecorator {
  const schema = { type: 'array', maxItems: max, items: { type: 'string', maxLength: each } };
  const rules = [
    IsArray({ message: 'must be a list' }),
    ArrayMaxSize(max, { message: `must have at most ${max} entries` }),
    IsString({ each: true, message: 'must be a list of strings' }),
    MaxLength(each, { each: true, message: `must have at most ${each} characters in each entry` }),
  ];
  return Field(description, schema, rules, presence);
}

/** A text as `read` understands it, and becomes it. What `read` throws is what the client is told. */
export function ReadField(description: string, read: (text: string) => string, presence?: Presence): PropertyDecorator {
  const faultIn = (value: unknown): string | undefined => {
    if (typeof value !== 'string') return 'must be a string';
    try {
      read(value);
      return undefined;
    } catch (error) {
      return `${(error as Error).message}.`;
    }
  };
  const validator = {
    validate: (value: unknown) => faultIn(value) === undefined,
    defaultMessage: (about?: { value: unknown }) => faultIn(about?.value) ?? '',
  };
  const change = onText((text) => (faultIn(text) === undefined ? read(text) : text));
  return Field(description, { type: 'string' }, [change, ValidateBy({ name: 'read', validator })], presence);
}

/** An instant, which becomes one as events have it. */
export const InstantField = (description: string, presence?: Presence): PropertyDecorator =>
  ReadField(
    `${description} (ISO 8601; a day is its first moment, UTC)`,
    (text) => toInstant(readInstant(text)),
    presence,
  );

/** An amount that is not negative, which becomes one as events have it. */
export const UsdField = (description: string, presence?: Presence): PropertyDecorator =>
  ReadField(`${description} (USD, decimal)`, notNegative, presence);

function notNegative(text: string): string {
  const amount = usd(text);
  if (amount < ZERO) throw new RangeError('must not be negative');
  return formatUsd(amount);
}

/** Whether rows are wanted as JSON or as a file. */
export const JsonOrCsvField = (description: string): PropertyDecorator =>
  EnumField(description, ['json', 'csv'], { default: 'json' });
