import type { LoggerService } from '@nestjs/common';
import { type Logger, pino } from 'pino';
import type { Config } from '../config.js';

/** The injection token of the process's pino logger. */
export const LOGGER = Symbol('logger');

/**
 * JSON lines to standard output, kept by whoever runs the gateway. What must never be in them (prompts, completions, keys) is never
 * passed to the logger; the redaction is the second wall.
 */
export const createLogger = ({ LOG_LEVEL }: Pick<Config, 'LOG_LEVEL'>): Logger =>
  pino({
    level: LOG_LEVEL,
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: ['authorization', '*.authorization', 'headers', '*.headers', 'body', '*.body'],
  });

/** Nest's own messages through pino. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, context?: string): void {
    this.#write('debug', message, context); // Nest's "log" tells of modules and routes: of no use to an operator
  }

  warn(message: unknown, context?: string): void {
    this.#write('warn', message, context);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.#write('error', message, rest.at(-1));
  }

  debug(message: unknown, context?: string): void {
    this.#write('debug', message, context);
  }

  verbose(message: unknown, context?: string): void {
    this.#write('trace', message, context);
  }

  #write(level: 'error' | 'warn' | 'debug' | 'trace', message: unknown, context: unknown): void {
    const fields = typeof message === 'object' && message !== null ? message : { msg: String(message) };
    this.logger[level]({ context, ...fields });
  }
}
