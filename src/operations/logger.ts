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

/** Where Nest reports what keeps the application from being built. */
const AT_THE_START = 'ExceptionHandler';

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
    const context = rest.at(-1);
    if (context === AT_THE_START) return; // it is thrown on to main.ts, which prints it
    this.#write('error', message, context);
  }

  debug(message: unknown, context?: string): void {
    this.#write('debug', message, context);
  }

  verbose(message: unknown, context?: string): void {
    this.#write('trace', message, context);
  }

  #write(level: 'error' | 'warn' | 'debug' | 'trace', message: unknown, context: unknown): void {
    const isFields = typeof message === 'object' && message !== null && !(message instanceof Error);
    const fields = isFields ? message : message instanceof Error ? { err: message } : { msg: String(message) };
    this.logger[level]({ context, ...fields });
  }
}
