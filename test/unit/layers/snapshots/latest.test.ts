import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { changeLatest, type Latest, readLatest } from "#snapshots/publication";
import { type Storage, startStorage } from "#test/support/storage";

const key = "snapshots/users/latest.json";
const nothing: Latest = { published: null, run: null };

let storage: Storage;

beforeEach(async () => {
  storage = await startStorage();
});

afterEach(() => storage.stop());

test("reads that nothing is published where there is no latest.json", async () => {
  expect(await readLatest(storage.store, "users")).toEqual(nothing);
});

test.each(["{}", "", '{"published":null,"run":null,"more":1}', '{"published":{"runId":"a"},"run":null}', "not JSON"])(
  "refuses to take %j for a latest.json, and leaves it",
  async (text) => {
    await storage.store.put(key, text);
    const change = vi.fn();

    await expect(readLatest(storage.store, "users")).rejects.toMatchObject({ code: "STORAGE_CORRUPT" });
    await expect(changeLatest(storage.store, "users", change)).rejects.toThrow(key);

    expect(change).not.toHaveBeenCalled();
    expect(storage.read(key).toString()).toBe(text);
  },
);

test("applies every one of ten changes made at once", async () => {
  const others = [...Array(10).keys()];

  await Promise.all(
    others.map((number) => changeLatest(storage.store, "users", (latest) => append(latest, `${number}`))),
  );

  const names = (await readLatest(storage.store, "users")).run?.runId.split(" ").sort();
  expect(names).toEqual(others.map(String));
});

test("shows a change its own write where the answer to it was lost", async () => {
  storage.s3.faults.add({ kind: "dropAfter", method: "PUT", times: 1 });
  const change = vi.fn((latest: Latest) => (latest.run ? undefined : append(latest, "1")));

  await changeLatest(storage.store, "users", change);

  expect(change.mock.results.map(({ value }) => value?.run.runId)).toEqual(["1", undefined]);
  expect((await readLatest(storage.store, "users")).run?.runId).toBe("1");
});

test("shows a change its own write also where S3 gave no answer to any try", async () => {
  storage.s3.faults.add({ kind: "dropAfter", method: "PUT", times: 2 });

  await changeLatest(storage.store, "users", (latest) => (latest.run ? undefined : append(latest, "1")));

  expect((await readLatest(storage.store, "users")).run?.runId).toBe("1");
});

test("gives up where S3 does not take it", async () => {
  storage.s3.faults.add({ kind: "dropBefore", method: "PUT" });

  const changing = changeLatest(storage.store, "users", (latest) => append(latest, "1"));

  await expect(changing).rejects.toMatchObject({ code: "STORAGE_UNAVAILABLE" });
});

test("gives up where others write each time", async () => {
  let tries = 0;

  const changing = changeLatest(storage.store, "users", (latest) => {
    tries += 1;
    void storage.store.put(key, JSON.stringify(append(latest, `other ${tries}`)));
    return append(latest, "own");
  });

  await expect(changing).rejects.toMatchObject({
    code: "STORAGE_UNAVAILABLE",
    message: expect.stringContaining("others"),
  });
  expect(tries).toBe(10);
});

test("writes nothing where a change throws or has nothing to change", async () => {
  await changeLatest(storage.store, "users", () => undefined);
  const throwing = changeLatest(storage.store, "users", () => {
    throw new Error("no");
  });

  await expect(throwing).rejects.toThrow("no");
  expect(storage.listKeys()).toEqual([]);
});

function append(latest: Latest, name: string): Latest {
  const time = "2026-01-01T00:00:00.000Z";
  const runId = latest.run ? `${latest.run.runId} ${name}` : name;
  return { ...latest, run: { runId, scheduledTime: time, readStartedAt: time, leaseUntil: time } };
}
