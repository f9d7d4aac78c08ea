import type { ExchangeClient } from "#exchange/client";
import type { Queues } from "#operations/queues";
import type { Deadline } from "#runtime/deadline";
import type { ObjectStore } from "#storage/object-store";

/** What an attempt works with. */
export type Surroundings = {
  client: ExchangeClient;
  store: ObjectStore;
  queues: Queues;
  tenant: string | null;
  deadline: Deadline;
  /** How long to wait between looks at what was changed. */
  readBackPausesMs?: readonly number[];
  /** How long after the deadline nobody else shall begin: a function may still be ending. */
  leaseAfterDeadlineMs?: number;
};
