import type { LoggerService } from '@nestjs/common';
import { type Logger, pino } from 'pino';
import type { Config } from './config.js';
import { OutageLines, throughOutages } from './outage-lines.js';

/** The injection token of the process's pino logger. */
export const LOGGER = Symbol('logger');

/**
 * JSON lines to standard output, kept by whoever runs the gateway. What must never be in them (prompts, completions, keys) is never
 * passed to the logger; the redaction is the second wall. Lines with `outage` are told seldom (see `OutageLines`).
 */
export function createLogger(config: Pick<Config, 'LOG_LEVEL'>): Logger {
  const known = loggers.get(config);
  if (known !== undefined) return known;
  const logger = pino({
    level: config.LOG_LEVEL,
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: ['authorization', '*.authorization', 'headers', '*.headers', 'body', '*.body'],
    hooks: { logMethod: throughOutages(new OutageLines()) },
  });
  loggers.set(config, logger);
  return logger;
}

/** One for a gateway, whoever asks for it: what an outage brings is counted together. */
const loggers = new WeakMap<object, Logger>();

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
