/**
 * The keys of an audience's objects. Pages lie in a folder of the attempt that wrote them: one that was thought dead and
 * still writes overwrites nobody's. The manifest says the same whoever writes it.
 */
export function audienceKeys(groupId: string, operationId: string) {
  const folder = `audiences/${groupId}/${operationId}`;
  const numbered = (attempt: number, name: string, number: number) =>
    `${folder}/${attempt}/${name}-${String(number).padStart(5, "0")}.ndjson.gz`;
  return {
    page: (attempt: number, pageNumber: number) => numbered(attempt, "page", pageNumber),
    leftOut: (attempt: number, pageNumber: number) => numbered(attempt, "left-out", pageNumber),
    manifest: `${folder}/manifest.json`,
  };
}
