/** How the reading of an audience is divided in time. */
export type Pace = {
  /** What was read is kept after so many members, or so long, at the end of a group. */
  checkpointRows: number;
  checkpointMs: number;
  /** So long before the deadline reading ends, so that what was read can be kept. */
  reserveMs: number;
  /** How often it is told how far things are. */
  noticeMs: number;
  /** How long to wait before a group that could not be read is read again; as many times as there are pauses. */
  retryPausesMs: readonly number[];
};

export const usualPace: Pace = {
  checkpointRows: 10_000,
  checkpointMs: 15_000,
  reserveMs: 5_000,
  noticeMs: 10_000,
  retryPausesMs: [500, 2_000],
};
