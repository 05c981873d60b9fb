// Reads what a request to /api sends into the class of the parameter it is for (ADR 11): the one ValidationPipe.
import { type ArgumentMetadata, type Type, ValidationPipe } from '@nestjs/common';
import { getMetadataStorage, type ValidationError } from 'class-validator';
import { type ApiError, invalidRequest } from './api-error.js';
import { jsonTextOf } from './json-shape.js';

/** A body arrives as bytes. Answers 400 that names the field at fault, and why. */
export class RequestPipe extends ValidationPipe {
  constructor() {
    super({
      transform: true,
      whitelist: true,
      forbidNonWhitelisted: true,
      stopAtFirstError: true,
      exceptionFactory: (errors) => new Faults(errors),
    });
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (!this.toValidate(metadata)) return value;
    const given = metadata.type === 'body' && (Buffer.isBuffer(value) || value === undefined) ? parsed(value) : value;
    if (typeof given !== 'object' || given === null || Array.isArray(given))
      throw invalidRequest('The request body must be a JSON object.');
    try {
      return await super.transform(given, metadata);
    } catch (error) {
      if (error instanceof Faults) throw faultIn(error.errors, metadata.metatype);
      throw error;
    }
  }
}

const pipe = new RequestPipe();

/** Fields that come in another way than as a parameter, such as those of a form. @throws ApiError 400, as for a body */
export const checked = <Fields>(type: Type<Fields>, value: unknown): Promise<Fields> =>
  pipe.transform(value, { type: 'body', metatype: type }) as Promise<Fields>;

/** An empty body is `{}`. */
function parsed(raw: Buffer | undefined): unknown {
  if (raw === undefined || raw.length === 0) return {};
  const text = jsonTextOf(raw);
  try {
    return JSON.parse(text ?? '');
  } catch {
    throw invalidRequest('The request body is not valid JSON.', undefined, 'invalid_json');
  }
}

/** What class-validator found, on its way to the one who knows the class. */
class Faults extends Error {
  constructor(readonly errors: readonly ValidationError[]) {
    super('a request does not fit its class');
  }
}

function faultIn(errors: readonly ValidationError[], type: Type | undefined): ApiError {
  // A field that is known and at fault first: it is what its sender knows how to mend.
  const error = errors.find(({ constraints }) => constraints?.['whitelistValidation'] === undefined) ?? errors[0];
  if (error === undefined) return invalidRequest('The request can’t be read.');
  return invalidRequest(`"${error.property}": ${wordingOf(error, type)}`, error.property);
}

function wordingOf({ constraints = {}, value }: ValidationError, type: Type | undefined): string {
  if ('whitelistValidation' in constraints) return `is not known here: there are ${fieldsOf(type).join(', ')}`;
  if (value === undefined) return 'is missing';
  return Object.values(constraints)[0] ?? 'is not right';
}

function fieldsOf(type: Type | undefined): string[] {
  const found = type === undefined ? [] : getMetadataStorage().getTargetValidationMetadatas(type, '', true, false);
  return [...new Set(found.map(({ propertyName }) => propertyName))];
}
