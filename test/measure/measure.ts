/** `npm run measure -- cold-start|memory|audience …`: what follows the name is for the one that is named. */
import process from "node:process";

const measurements = {
  "cold-start": () => import("#test/measure/cold-start"),
  memory: () => import("#test/measure/memory"),
  audience: () => import("#test/measure/audience"),
};

const [name = "", ...words] = process.argv.slice(2);
const start = Object.entries(measurements).find(([known]) => known === name)?.[1];
if (start) {
  process.argv.splice(2, Number.POSITIVE_INFINITY, ...words);
  await start();
} else {
  console.error(`npm run measure -- ${Object.keys(measurements).join("|")}`);
  process.exitCode = 2;
}
