/** What Exchange puts into one answer at most. One with fewer rows was not cut into pages, so nothing of it can be missing. */
export const pageRows = 1_000;
