/**
 * Gives the skill one message in a process of its own, set up by its environment variables. What was read is kept at the end
 * of every group.
 */
import process from "node:process";
import { createExpandAudience } from "#audiences/expand-audience";
import { usualPace } from "#audiences/pace";
import { closeSharedClient } from "#exchange/shared-client";
import { handleMessage } from "#operations/handle-message";
import { openSurroundings } from "#operations/open-surroundings";
import { deadlineIn } from "#runtime/deadline";

const skill = createExpandAudience({ ...usualPace, checkpointRows: 0 });
await handleMessage(JSON.parse(process.argv[2] ?? ""), skill, openSurroundings(deadlineIn(60_000))).catch(() => {
  process.exitCode = 1;
});
await closeSharedClient();
