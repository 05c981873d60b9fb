import type { LoggerService } from '@nestjs/common';
import { type Logger, pino } from 'pino';
import type { Config } from './config.js';
import { toInstant } from '../kernel/index.js';
import { standardOutput } from './log-output.js';
import { OutageLines, throughOutages } from './outage-lines.js';

/** The injection token of the process's pino logger. */
export const LOGGER = Symbol('logger');

/**
 * JSON lines on standard output. Prompts, completions and keys are never passed to the logger; the redaction is a second wall. Lines with
 * `outage` are grouped (see `OutageLines`).
 */
export function createLogger(config: Pick<Config, 'LOG_LEVEL'>): Logger {
  const known = loggers.get(config);
  if (known !== undefined) return known;
  const logger = pino(
    {
      level: config.LOG_LEVEL,
      base: undefined,
      timestamp: () => `,"time":"${toInstant(Date.now())}"`,
      redact: ['authorization', '*.authorization', 'headers', '*.headers', 'body', '*.body'],
      hooks: { logMethod: throughOutages(new OutageLines()) },
    },
    standardOutput(),
  );
  loggers.set(config, logger);
  return logger;
}

/** One logger for each gateway, so that `OutageLines` counts all lines of an outage together. */
const loggers = new WeakMap<object, Logger>();

/** The context in which Nest reports that it can't build the application. */
const AT_THE_START = 'ExceptionHandler';

/** Writes Nest's own messages through pino. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, context?: string): void {
    this.#write('debug', message, context); // Nest logs modules and routes at this level, which operators don't need
  }

  warn(message: unknown, context?: string): void {
    this.#write('warn', message, context);
  }

  error(message: unknown, ...rest: unknown[]): void {
    const context = rest.at(-1);
    if (context === AT_THE_START) return; // Nest throws it on to main.ts, which prints it
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
