/**
 * Entry of a worker thread. It begins with what it was started with: a message would come only when the main thread
 * is back in its event loop, and code that awaits nothing but our network is not, for as long as it runs.
 */
import type { WorkerStart } from "./types.js";

import { workerData } from "node:worker_threads";

import workerpool from "workerpool";

import { workForever } from "./worker-loop.js";

workForever(workerData as WorkerStart);
// It has ended: the call that waits for that is answered.
workerpool.worker({ hasEnded: () => true });
