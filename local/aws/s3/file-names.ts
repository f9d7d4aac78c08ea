/** Names of files that are being written. No key has such a name, because a leading dot of a key is encoded. */
export const temporaryPrefix = ".writing-";

/**
 * A key as a path, its slashes as folders. What is not a letter, a digit or plain punctuation is percent-encoded, so is a
 * leading dot (`..` names nothing outside) and a `%` itself; a part between slashes that is empty is called `%`. No two keys
 * have one path, and none leads out of its folder.
 */
export function pathOfKey(key: string): string {
  return key.split("/").map(encodePart).join("/");
}

export function keyOfPath(path: string): string {
  return path.split("/").map(decodePart).join("/");
}

function encodePart(part: string): string {
  if (part === "") return "%";
  return encodeURIComponent(part).replace(/^\.|[*]/g, (character) => (character === "*" ? "%2A" : "%2E"));
}

function decodePart(name: string): string {
  return name === "%" ? "" : decodeURIComponent(name);
}
