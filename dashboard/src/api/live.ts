// Keeps what a page shows up to date, by the server-sent events of /api/live. A page that can't have them still asks now and then.
import { useEffect } from 'react';
import { queryClient } from './client.ts';

/** How often a page asks by itself, whatever it is told, in milliseconds. */
export const SLOWLY_MS = 60_000;

/** What each event makes old: paths of /api. */
const MAKES_OLD = {
  balance: ['/api/balance', '/api/overview'],
  charge: ['/api/charges', '/api/usage', '/api/overview', '/api/keys', '/api/entries'],
  key: ['/api/keys', '/api/overview'],
  topup: ['/api/topups', '/api/topups/{id}', '/api/refunds', '/api/balance', '/api/entries', '/api/overview'],
} as const;
const EVERYTHING = [...new Set(Object.values(MAKES_OLD).flat())];

/** A first piece of news shows soon; a busy account is asked for seldom. */
const SOON_MS = 100;
const SELDOM_MS = 3_000;
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 120_000;

class Live {
  #source: EventSource | undefined;
  #pauseMs = FIRST_PAUSE_MS;
  #again: number | undefined;
  readonly #old = new Set<string>();
  #asking: number | undefined;
  #askedAt = -SELDOM_MS;
  #isFirst = true;

  constructor() {
    document.addEventListener('visibilitychange', this.#look);
    this.#look();
  }

  close(): void {
    document.removeEventListener('visibilitychange', this.#look);
    this.#leave();
    window.clearTimeout(this.#asking);
  }

  /** A page that nobody sees needs no news; browsers have few connections for one site. */
  readonly #look = (): void => {
    if (document.hidden) this.#leave();
    else if (this.#source === undefined) this.#open();
  };

  #open(): void {
    if (typeof EventSource === 'undefined') return;
    const source = new EventSource('/api/live');
    this.#source = source;
    source.addEventListener('open', () => {
      this.#pauseMs = FIRST_PAUSE_MS;
      // What happened while there was no stream, nobody tells.
      if (!this.#isFirst) this.#makesOld(EVERYTHING);
      this.#isFirst = false;
    });
    for (const [name, paths] of Object.entries(MAKES_OLD)) source.addEventListener(name, () => this.#makesOld(paths));
    source.addEventListener('missed', () => this.#makesOld(EVERYTHING));
    source.addEventListener('error', () => {
      // A stream that was lost, the browser asks for again by itself; one that was refused, it does not.
      if (source.readyState === EventSource.CLOSED) this.#openLater();
    });
  }

  #openLater(): void {
    this.#leave();
    this.#again = window.setTimeout(this.#look, this.#pauseMs);
    this.#pauseMs = Math.min(2 * this.#pauseMs, LONGEST_PAUSE_MS);
  }

  #leave(): void {
    window.clearTimeout(this.#again);
    this.#source?.close();
    this.#source = undefined;
  }

  #makesOld(paths: readonly string[]): void {
    for (const path of paths) this.#old.add(path);
    const inMs = Math.max(SOON_MS, this.#askedAt + SELDOM_MS - performance.now());
    this.#asking ??= window.setTimeout(() => this.#ask(), inMs);
  }

  #ask(): void {
    this.#asking = undefined;
    this.#askedAt = performance.now();
    const old = [...this.#old];
    this.#old.clear();
    for (const path of old) void queryClient.invalidateQueries({ queryKey: ['get', path] });
  }
}

let live: Live | undefined;
let pages = 0;

/** Asks again for what a page shows as soon as it has changed. Never shows anything itself, and never fails. */
export function useLive(): void {
  useEffect(() => {
    pages++;
    live ??= new Live();
    return () => {
      pages--;
      if (pages > 0) return;
      live?.close();
      live = undefined;
    };
  }, []);
}
