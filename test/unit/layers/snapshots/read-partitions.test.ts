import { afterEach, beforeEach, expect, test } from "vitest";
import { ExchangeError } from "#runtime/errors";
import { nameOfPartition, wholeDirectory } from "#snapshots/partition";
import { type IngestSettings, ingestInto, row } from "#test/support/ingest-fixture";
import { type Storage, startStorage } from "#test/support/storage";
import { idOf, NamedDirectory, namesOf } from "#test/unit/layers/snapshots/named-directory";

let storage: Storage;

beforeEach(async () => {
  storage = await startStorage();
});

afterEach(() => storage.stop());

test.each([0, 1, 999])("reads a directory of %i with one question and no filter", async (count) => {
  const directory = new NamedDirectory(namesOf(count));

  await run({ directory, allowShrinkTo: 0 });

  expect(directory.queries).toEqual([{ resultSize: 1_000 }]);
  expect(storage.readManifest()).toMatchObject({
    partitions: [{ ...wholeDirectory, rows: count, reading: "whole" }],
    changedMeanwhile: null,
  });
});

test.each([
  { names: "spread over letters", directory: namesOf(5_000) },
  { names: "GUIDs", directory: hexadecimal(5_000) },
  { names: "Chinese", directory: namesOf(5_000).map((name, number) => `${"王李张刘陈杨黄赵"[number % 8]}${name}`) },
  { names: "Greek", directory: namesOf(3_000).map((name, number) => `${"αβγδεζηθ"[number % 8]}${name}`) },
  {
    names: "departments",
    directory: namesOf(4_000).map((name, number) => `${["Engineering", "Sales"][number % 2]} ${name}`),
  },
  { names: "beginning alike", directory: namesOf(3_000).map((name) => `Annalena ${name}`) },
])("reads names that are $names in answers that each were shorter than a page", async ({ directory: names }) => {
  const directory = new NamedDirectory(names);

  await run({ directory });

  expectEverybodyOnce(directory);
  const partitions = storage.readManifest()?.partitions ?? [];
  expect(partitions.every(({ rows, reading }) => reading === "whole" && rows < 1_000)).toBe(true);
  expect(directory.queries.every(({ resultSize }) => resultSize === 1_000)).toBe(true);
});

test("reads in page after page what cannot be split, and says so", async () => {
  const smiling = Array.from({ length: 1_500 }, (_, number) => `😀${number}`);
  const directory = new NamedDirectory([...smiling, ...namesOf(200)]);

  await run({ directory });

  expectEverybodyOnce(directory);
  const paged = storage.readManifest()?.partitions.filter(({ reading }) => reading === "paged") ?? [];
  expect(paged.map((partition) => [nameOfPartition(partition), partition.rows])).toEqual([
    [expect.stringContaining("*, not [0-"), 1_500],
  ]);
});

test("asks for what the last snapshot was read as, and hardly for more than its rows need", async () => {
  const names = hexadecimal(6_000);
  await run({ directory: new NamedDirectory(names) });
  const directory = new NamedDirectory(names);

  await run({ directory });

  expectEverybodyOnce(directory);
  expect(directory.queries.length).toBeLessThanOrEqual((6_000 / 1_000) * 2);
});

test("goes back to one question when the directory has become small", async () => {
  await run({ directory: new NamedDirectory(namesOf(1_200)), shrinkPercent: 100 });
  await run({ directory: new NamedDirectory(namesOf(30)), shrinkPercent: 100 });
  const directory = new NamedDirectory(namesOf(30));

  await run({ directory });

  expect(directory.queries).toEqual([{ resultSize: 1_000 }]);
});

test("reads a partition that failed again by itself", async () => {
  const directory = new NamedDirectory(namesOf(3_000));
  directory.beforeAnswer = (number) => {
    if (number === 3 || number === 4) throw new ExchangeError("THROTTLED", "Too many requests.");
  };

  await run({ directory });

  expectEverybodyOnce(directory);
  const [, , , first, second, third] = directory.queries;
  expect([second, third]).toEqual([first, first]);
});

test("reads a paged partition again from its start, each row once", async () => {
  const directory = new NamedDirectory(Array.from({ length: 2_000 }, (_, number) => `😀${number}`));
  const { list } = directory;
  let hasFailed = false;
  directory.list = async function* (query) {
    let rows = 0;
    for await (const item of list.call(directory, query)) {
      if (query.resultSize === "Unlimited" && !hasFailed && rows === 1_234) {
        hasFailed = true;
        throw new ExchangeError("PAGE_LINK_EXPIRED", "Too slow.");
      }
      rows += 1;
      yield item;
    }
  };

  const answer = await run({ directory });

  expect([hasFailed, answer.duplicates]).toEqual([true, 0]);
  expectEverybodyOnce(directory);
});

test.each([
  { trouble: "lasts", code: "EXCHANGE_TRANSIENT", questions: 3 },
  { trouble: "will not pass", code: "DIRECTORY_ROLE_MISSING", questions: 1 },
] as const)("gives up on trouble that $trouble, after $questions questions", async ({ code, questions }) => {
  const directory = new NamedDirectory(namesOf(10));
  directory.beforeAnswer = () => {
    throw new ExchangeError(code, "No.");
  };

  await expect(run({ directory })).rejects.toMatchObject({ code });

  expect(directory.queries).toHaveLength(questions);
});

test("adds who was renamed from a part not yet read to one that was read already", async () => {
  const directory = new NamedDirectory(namesOf(4_000));
  const late = directory.entries.find(({ name }) => name.startsWith("w"))?.id ?? "";
  let answers = 0;
  directory.beforeAnswer = () => {
    answers += 1;
    if (answers === 4) directory.rename(late, "0 renamed");
  };

  const answer = await run({ directory });

  expect(answer).toMatchObject({ rows: 4_000, duplicates: 0 });
  expectEverybodyOnce(directory);
  expect(storage.readManifest()?.changedMeanwhile).toMatchObject({ rows: 1, reading: "whole" });
});

test("counts who two partitions claim once", async () => {
  const directory = new NamedDirectory(namesOf(1_500));
  const { list } = directory;
  directory.list = async function* (query) {
    yield* list.call(directory, query);
    if (query.filter?.includes("'s*'")) yield row(99_999);
    if (query.filter?.includes("'a*'")) yield row(99_999);
  };

  const answer = await run({ directory });

  expect(answer).toMatchObject({ rows: 1_501 });
});

test("reads everything page by page from a server that does not heed filters", async () => {
  const directory = new NamedDirectory(namesOf(1_100));
  const { list } = directory;
  directory.list = ({ resultSize }) => list.call(directory, { resultSize });

  await run({ directory });

  expectEverybodyOnce(directory);
  expect(storage.readManifest()?.partitions).toEqual([{ ...wholeDirectory, rows: 1_100, reading: "paged" }]);
});

function run(settings: IngestSettings) {
  return ingestInto(storage.store, settings);
}

function expectEverybodyOnce(directory: NamedDirectory): void {
  const published = storage.readPublished().map(({ id }) => id);
  expect(published.toSorted()).toEqual(directory.entries.map((_, number) => idOf(number)));
}

function hexadecimal(count: number): string[] {
  return Array.from({ length: count }, (_, number) =>
    (Math.imul(number + 1, 0x9e3779b1) >>> 0).toString(16).padStart(8, "0"),
  );
}
