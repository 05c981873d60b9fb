import { Injectable } from '@nestjs/common';

/** The stage of this gateway's life. */
@Injectable()
export class Lifecycle {
  /** True from SIGTERM on: new calls are refused, and `/readyz` says so to load balancers. */
  draining = false;
}
