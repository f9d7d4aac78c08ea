/** What a function may do with the objects below a prefix of the bucket. */
export type ObjectAccess = "read" | "write" | "readWrite";

export type FunctionFacts = {
  description: string;
  timeoutSeconds: number;
  /** The prefixes of the bucket it needs, all others being closed to it. */
  objects: Readonly<Record<string, ObjectAccess>>;
  /** Whether it works as long as it may and goes on in the next invocation. */
  endsAtItsDeadline?: true;
};

export type QueueFunctionFacts = FunctionFacts & {
  /** Whether messages of one group keep their order. */
  isFifo: boolean;
  /** Messages at work at once, each with a session of its own in Exchange. Lambda takes no less than 2. */
  maxConcurrency: number;
  /** After so long a message that waits is too old. */
  oldestMessageMinutes: number;
};

export type ScheduledFunctionFacts = FunctionFacts & {
  /** Whether its event says for when a run is meant. */
  hasScheduledTime: boolean;
};

/** Begun by schedules, and from the console. */
export const scheduledFunctions = {
  "ingest-users": {
    description: "Publishes every user of the tenant as a snapshot",
    timeoutSeconds: 900,
    objects: { "snapshots/users/": "readWrite" },
    hasScheduledTime: true,
  },
  "ingest-groups": {
    description: "Publishes every distribution list of the tenant as a snapshot",
    timeoutSeconds: 900,
    objects: { "snapshots/groups/": "readWrite" },
    hasScheduledTime: true,
  },
  "validate-credentials": {
    description: "Says of each part of the credential whether it is right",
    timeoutSeconds: 300,
    objects: {},
    hasScheduledTime: false,
  },
} as const satisfies Record<string, ScheduledFunctionFacts>;

/** What AWS advises, so that no message is received anew while it is at work. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
export const visibilityPerTimeout = 6;

/** Given the messages of a queue of their name. */
export const queueFunctions = {
  "add-group-members": {
    description: "Add to DL: carries out one message of its queue",
    timeoutSeconds: 300,
    objects: { "operations/": "readWrite" },
    isFifo: true,
    maxConcurrency: 5,
    oldestMessageMinutes: 30,
  },
  "create-group": {
    description: "Create DL: carries out one message of its queue",
    timeoutSeconds: 300,
    objects: { "operations/": "readWrite" },
    isFifo: true,
    maxConcurrency: 2,
    oldestMessageMinutes: 30,
  },
  "expand-audience": {
    description: "Lists everybody in a group: carries out one message of its queue",
    timeoutSeconds: 900,
    objects: { "operations/": "readWrite", "audiences/": "readWrite" },
    isFifo: false,
    maxConcurrency: 2,
    oldestMessageMinutes: 120,
    endsAtItsDeadline: true,
  },
} as const satisfies Record<string, QueueFunctionFacts>;

/** Invoked by whoever waits for the answer. */
export const invokedFunctions = {
  "list-group-members": {
    description: "Says who is in a group, or whether somebody is",
    timeoutSeconds: 30,
    objects: { "answers/": "write" },
  },
  "find-group-owners": {
    description: "Says who owns a group, and whether joining it has to be approved",
    timeoutSeconds: 30,
    objects: {},
  },
} as const satisfies Record<string, FunctionFacts>;

/** Every function of a tenant, by the name of its folder. */
export const gatewayFunctions = { ...scheduledFunctions, ...queueFunctions, ...invokedFunctions };

export type ScheduledFunction = keyof typeof scheduledFunctions;
export type QueueFunction = keyof typeof queueFunctions;
export type InvokedFunction = keyof typeof invokedFunctions;
